#include "net/premises/waiting_port.hpp"

#include <cstdint>
#include <set>

namespace pier::net {

bool waits(const port_spec& spec, const std::vector<service>& served) {
  std::set<uint16_t> there;
  for (const auto& each : served)
    if (
      each.proto == spec.proto && each.at.port >= spec.container.first
      && each.at.port <= spec.container.last)
      there.insert(each.at.port);
  return there.size() <= size_t{spec.container.last} - spec.container.first;
}

} // namespace pier::net
