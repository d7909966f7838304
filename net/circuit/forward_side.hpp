#pragma once

/// The near side of a client that came by a static forward over TCP or a Unix
/// stream socket: whoever leads it on says where the far side is dialled from.

#include "net/circuit/near_sides.hpp"

#include <memory>
#include <string>

namespace pier::net {

/// `connection` is accepted. Unlike a client of a published port it has no
/// socket of the far side yet, and may wait a while for one. `path`: where it
/// has come in, if at a Unix socket; the kernel knows that by an older name.
std::unique_ptr<near_side>
make_forward_side(circuit_surroundings around, fd connection, std::string path);

} // namespace pier::net
