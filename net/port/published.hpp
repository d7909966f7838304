#pragma once

/// The host sockets of one published spec, both families of every port of the
/// range, or of one static forward. See class port in net/network.hpp.

#include "messages/settings/port_settings.hpp"
#include "net/circuit/near_sides.hpp"
#include "net/lobby.hpp"
#include "net/network.hpp"
#include "net/port/allocations.hpp"

#include <memory>
#include <string>

namespace pier::net {

/// Reserves all or nothing, for the container of that name. The surroundings,
/// the lobby and the allocations must outlive the result.
result<std::shared_ptr<port>> publish(
  circuit_surroundings around, lobby& waiting, allocations& taken,
  const port_spec& spec, const port_settings& by, const std::string& owner);

/// Reserves where a static forward listens. Its clients go to a guest only if
/// they are led there: see network::lead.
result<std::shared_ptr<port>> publish_forward(
  circuit_surroundings around, lobby& waiting, allocations& taken,
  const listen_address& at, const port_settings& by);

} // namespace pier::net
