#include "tools/control/surrounding_settings.hpp"

#include "net/gateway/address_plan.hpp"

#include <cstdlib>

namespace pier::control {

settings surrounding_settings() {
  settings made;
  if (const auto* keeper = ::getenv("PIER_KEEPER"))
    made.paths.keeper = keeper;
  if (const auto* resolvers = ::getenv("PIER_RESOLV_CONF"))
    made.paths.resolv_conf = resolvers;
  return made;
}

ip_address host_of(const settings& with) {
  return net::plan_network(with.network).host;
}

} // namespace pier::control
