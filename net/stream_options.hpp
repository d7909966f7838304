#pragma once

/// What every TCP connection that is relayed has, either side of it: no wait
/// for more to send (the sender has decided that), urgent bytes where they are
/// in the stream (RFC 6093), and keepalive, so that a peer that is gone is
/// noticed although nothing is ever ended for being idle. And how one is
/// broken off.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace pier::net {

/// A listener hands them on to what it accepts (tcp(7)).
inline void set_stream_options(int socket) {
  constexpr int on = 1;
  constexpr int keepalive_seconds = 60;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  ::setsockopt(socket, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on));
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  ::setsockopt(
    socket, IPPROTO_TCP, TCP_KEEPIDLE, &keepalive_seconds,
    sizeof(keepalive_seconds));
}

/// Its close is a reset: what was not sent yet is not sent any more.
inline void reset_on_close(int socket) {
  constexpr linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

} // namespace pier::net
