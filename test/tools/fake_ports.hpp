#pragma once

/// Published ports that are numbers, and nothing else.

#include "messages/container.hpp"

#include <vector>

namespace pier {

/// One that may be any is the next.
inline std::vector<bound_port>
bind_ports(container_info& info, const port_spec& spec, uint16_t& next_port) {
  std::vector<bound_port> bound;
  for (size_t i = 0; i < spec.container.size(); ++i) {
    bound_port port;
    port.proto = spec.proto;
    port.host.ip = spec.host_ip.value_or(ip_address{});
    port.host.port = spec.host.any()
      ? next_port++
      : static_cast<uint16_t>(spec.host.first + i);
    port.container = static_cast<uint16_t>(spec.container.first + i);
    port.open = true;
    bound.push_back(port);
    info.ports.push_back(port);
  }
  return bound;
}

} // namespace pier
