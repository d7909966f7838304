#pragma once

/// Whether the guests' network is in the way of a route of the host: what lies
/// there the containers could not reach. Pure.

#include "messages/error.hpp"
#include "messages/settings/network_settings.hpp"
#include "net/link/host_routes.hpp"

#include <vector>

namespace pier::net {

/// Of these routes, those that lead into it; a family that guests do not have
/// counts for nothing.
std::vector<host_route>
overlapping(const std::vector<host_route>& all, const network_settings& with);

/// The refusal: it names the route, and a network that is free.
error overlap_error(
  const std::vector<host_route>& all, const network_settings& with,
  const host_route& which);

/// These settings where no route leads into them. A default that one leads
/// into gives way, to what there is `now` or to a network that is free; what
/// somebody has chosen is refused. What is as it is now is not asked.
result<network_settings> fit_among(
  const std::vector<host_route>& all, const network_settings& wanted,
  const network_settings* now);

} // namespace pier::net
