#pragma once

/// Where SOCKS is spoken: one address of the host, at which clients are taken
/// in and asked what they want. See class port in net/network.hpp, and
/// net/socks/desk.

#include "net/circuit/near_sides.hpp"
#include "net/lobby.hpp"
#include "net/port/allocations.hpp"
#include "net/port/port.hpp"
#include "net/socks/talk.hpp"

#include <memory>

namespace pier::net {

/// Reserves it. The surroundings, the lobby, the allocations and the host must
/// outlive the result. Where it may be is for the settings to say.
result<std::shared_ptr<port>> make_socks_place(
  circuit_surroundings around, lobby& waiting, allocations& taken,
  const socks_host& host, const endpoint& at, const port_settings& by);

} // namespace pier::net
