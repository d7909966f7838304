#pragma once

/// What every UDP socket that is relayed has, either side of it: room for what
/// comes while its thread waits for a processor. The kernel's default is five
/// milliseconds of 20,000 datagrams of 1,400 bytes a second; this is fifty.
/// What is unread is the kernel's memory, of which udp(7) bounds the whole.

#include <sys/socket.h>

namespace pier::net {

/// Who has no right to pass by net.core.rmem_max gets what it allows.
inline void set_datagram_options(int socket) {
  constexpr int room = 2 << 20;
  if (
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0)
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
}

} // namespace pier::net
