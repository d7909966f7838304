#include "net/premises/waiting_port.hpp"

namespace pier::net {

served_ports::served_ports(const std::vector<service>& all) {
  for (const auto& each : all)
    ports_.emplace(each.proto, each.at.port);
}

bool waits(const port_spec& spec, const served_ports& served) {
  for (unsigned n = spec.container.first; n <= spec.container.last; ++n)
    if (!served.have(spec.proto, static_cast<uint16_t>(n)))
      return true;
  return false;
}

} // namespace pier::net
