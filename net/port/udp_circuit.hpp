#pragma once

/// What becomes of one client of a published UDP port: a near side that waits
/// in the lobby, then the circuit that dials the guest and reads its replies.

#include "net/circuit/near_sides.hpp"
#include "net/lobby.hpp"
#include "net/port/udp_conversation.hpp"

#include <memory>

namespace pier::net {

std::unique_ptr<near_side> make_udp_side(
  circuit_surroundings around, std::shared_ptr<udp_conversation> talk);

} // namespace pier::net
