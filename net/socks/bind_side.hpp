#pragma once

/// The near side of a client that waits for a container to connect to it
/// (BIND).
///
/// Theory of operation. To "dial" the container is to listen in the gateway, at
/// an address that containers reach, and to let nobody in but who was dialled:
/// that is the first answer. When it has come, and within two minutes, the
/// client hears so, which is the second one, and the two are joined. The
/// container has connected to the gateway, so the truth is told here, too: it
/// is refused when the client is gone.

#include "net/circuit/near_sides.hpp"

#include <memory>

namespace pier::net {

std::unique_ptr<near_side>
make_bind_side(circuit_surroundings around, fd connection);

} // namespace pier::net
