#pragma once

/// What becomes of a client that a published port has accepted.

#include "net/circuit/near_sides.hpp"

#include <memory>

namespace pier::net {

/// It goes to the guest, introduced as the port's settings say.
std::unique_ptr<near_side> receive_for_guest(
  circuit_surroundings around, fd made, const endpoint& client,
  port_source source, proxy_protocol proxy);

} // namespace pier::net
