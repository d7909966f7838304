#pragma once

#include <cstdint>
#include <optional>

namespace pier::net {

/// What the kernel knows of a TCP socket's other end: whether it has said FIN,
/// and the round trip to it, in microseconds. A socket of another kind, as the
/// far side of a forward may be, leaves both as they are.
void look_at(int socket, bool& is_done, std::optional<uint32_t>& rtt);

} // namespace pier::net
