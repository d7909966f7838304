#pragma once

/// Which published ports wait for their service. Pure.

#include "messages/container.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace pier::net {

/// The ports behind which somebody listens: asked for many, built once.
class served_ports {
public:
  explicit served_ports(const std::vector<service>& all);

  bool have(protocol proto, uint16_t port) const {
    return ports_.count({proto, port}) != 0;
  }

private:
  std::set<std::pair<protocol, uint16_t>> ports_;
};

/// Whether a port of `spec`'s range has no service behind it.
bool waits(const port_spec& spec, const served_ports& served);

} // namespace pier::net
