#pragma once

/// The near side of a client that has said whom it wants to be connected with:
/// it hears yes when the far side has said yes.

#include "net/circuit/near_sides.hpp"
#include "net/socks/talk.hpp"

#include <memory>

namespace pier::net {

/// `connection` has bytes of the client's left in it, perhaps, which are the
/// far side's.
std::unique_ptr<near_side>
make_call_side(circuit_surroundings around, fd connection, socks_wish wish);

} // namespace pier::net
