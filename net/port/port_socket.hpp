#pragma once

/// One host port of one family: reserved from birth to death, open or parked.
///
/// Theory of operation. A parked port belongs to us (rivals get EADDRINUSE)
/// and answers as a port that nobody has. TCP: bound and not listening; it is
/// bound with SO_REUSEADDR, to get past TIME_WAIT, which is then taken off, so
/// that no rival gets past us. shutdown(2) brings a listener back to that
/// state on the same descriptor; connections that were accepted live on. UDP:
/// bound and connected to itself, so that no datagram of anybody else is for
/// it and the kernel answers "port unreachable"; connecting to AF_UNSPEC opens
/// it again. Limit: while parked, a UDP port of every address keeps rivals off
/// every address and off loopback, not off another single address.
/// test/platform proves each step.

#include "messages/error.hpp"
#include "messages/port_spec.hpp"
#include "net/fd.hpp"

#include <string>

namespace pier::net {

/// "tcp4", "udp6": as error texts name a family.
std::string network_name(protocol proto, family kind);

/// Parked at birth. Refusals read `listen tcp4 0.0.0.0:80: bind: …`; the
/// number must not be 0.
result<fd> reserve_port(protocol proto, const endpoint& at);

/// `backlog`: of clients of TCP that are not accepted yet.
result<void> open_port(int socket, protocol proto, unsigned backlog);
void park_port(int socket, protocol proto, const endpoint& at);

} // namespace pier::net
