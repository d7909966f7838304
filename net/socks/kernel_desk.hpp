#pragma once

/// The real desk: see net/socks/desk.

#include "net/circuit/near_sides.hpp"
#include "net/lobby.hpp"
#include "net/network.hpp"
#include "net/port/allocations.hpp"
#include "net/socks/talk.hpp"

#include <functional>
#include <map>

namespace pier::net {

class kernel_socks_desk : public socks_desk {
public:
  /// All of them must outlive it. `occupied`: the containers that are there.
  kernel_socks_desk(
    circuit_surroundings around, lobby& waiting, allocations& taken,
    const port_settings& by,
    std::function<std::vector<std::shared_ptr<premises>>()> occupied);

  result<std::shared_ptr<port>> reserve(const endpoint& at) override;
  std::vector<endpoint> reserved() const override;
  void release(const endpoint& at) override {
    places_.erase(at);
  }
  void adopt(const socks_terms& by) override;
  result<void> can_read_users(const std::string& path) const override;

private:
  std::string pac(const std::string& own_name) const;

  circuit_surroundings around_;
  lobby& lobby_;
  allocations& allocations_;
  const port_settings& ports_;
  std::function<std::vector<std::shared_ptr<premises>>()> occupied_;
  socks_terms terms_;
  socks_host host_;
  std::map<endpoint, std::shared_ptr<port>> places_;
};

} // namespace pier::net
