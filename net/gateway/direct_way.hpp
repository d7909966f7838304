#pragma once

/// Whether the host's own packets go to guests straight, and what that needs:
/// a lease, a name for the link, and a keeper to lay it (direct_link). It
/// follows the guests' network wherever that goes.

#include "net/gateway/gateway.hpp"
#include "net/lifeline.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

class direct_way {
public:
  using sink = std::function<void(const error&)>;

  /// Both must outlive it.
  direct_way(gateway& gate, address_plan& plan) : gate_(gate), plan_(plan) {}

  /// Whether this process may touch the host's links; refused with the mend.
  static result<void> can_be();

  /// `follow` is to be called when the gateway is up.
  void want(bool on);

  /// The gateway is up, or has moved.
  void follow();

  /// The guests' network becomes this one: its own lease in it, where it has
  /// one, joins the others. The plan is still the old one.
  void renumber(const guest_network& is, std::vector<lease>& leases);

  /// The host's end of the link; empty: there is none, and no route is by it.
  const std::string& device() const noexcept {
    return name_;
  }

  /// Why it could not be.
  sink on_trouble;

private:
  void lay();
  void take_away();

  gateway& gate_;
  address_plan& plan_;
  bool wanted_ = false;
  bool is_up_ = false;
  lease at_;
  std::string name_;
  lifeline life_;
};

} // namespace pier::net
