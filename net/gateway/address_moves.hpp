#pragma once

/// What still stands at addresses that are left: the gateway, and each guest
/// that is plugged in. Keepers move it, one thing after the other; what one
/// dies over is left to the next.

#include "messages/container.hpp"
#include "messages/error.hpp"
#include "net/audit/ledger.hpp"
#include "net/fd.hpp"
#include "net/gateway/keeper_channel.hpp"
#include "net/lifeline.hpp"

#include <functional>
#include <map>
#include <vector>

namespace pier::net {

class address_moves {
public:
  using taker = std::function<void(result<std::vector<fd>>)>;
  /// Asks the keeper that there is; it answers ec::gateway_lost when that one
  /// has died.
  using asker = std::function<void(
    const keeper_request&, const std::vector<int>& fds, taker)>;

  explicit address_moves(asker ask) : ask_(std::move(ask)) {}

  /// A guest that is plugged in from now on; `netns` is duplicated.
  void enter(const lease& at, int netns);
  void leave(uint32_t link);

  void account(ledger& to) const {
    for (const auto& [link, each] : guests_)
      to.claim(
        each.netns, "gateway: a guest, to be moved when addresses change");
  }

  /// The network becomes another one, with these leases of those who are there.
  void plan(
    const guest_network& was, const guest_network& is,
    const std::vector<lease>& leases);

  /// The gateway is made from nothing, with the addresses of the last plan.
  void found_anew();

  /// Moves what is left, and then answers: refused when the gateway could not
  /// be moved, or the keeper is gone.
  void work(std::function<void(result<void>)> done);

  /// Whether somebody's address is another one, and not everybody has his yet.
  bool under_way() const noexcept {
    return under_way_;
  }

  /// The gateway has moved: new DNS sockets, as net/gateway/renumbering says.
  std::function<void(
    const guest_network& was, const guest_network& is, std::vector<fd>)>
    on_moved;

  /// A guest could not be moved, and stays where it is.
  std::function<void(const lease&, const error&)> on_trouble;

private:
  struct guest {
    lease at;
    fd netns;
    bool is_left = false;
  };

  void move_next();
  void move_gateway();
  void move_guest(guest& which);
  void conclude(const result<void>& how);

  asker ask_;
  guest_network was_, is_;
  std::map<uint32_t, guest> guests_; // by link
  std::vector<std::function<void(result<void>)>> waiting_;
  bool gateway_is_left_ = false;
  bool under_way_ = false;
  /// Changes with every plan: what an older one has moved may have to move on.
  uint64_t season_ = 0;
  lifeline life_;
};

} // namespace pier::net
