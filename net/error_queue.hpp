#pragma once

/// What the network says of a datagram's peer. Without a queue the kernel
/// keeps "no such host" and "forbidden" to itself, and an ICMP code is lost in
/// an errno (RFC 1122, 4.1.3.3 wants it told).

#include "messages/address.hpp"
#include "messages/error.hpp"

namespace pier::net {

/// Asks the kernel to keep and to tell every ICMP error of this socket.
void open_error_queue(int socket, family kind);

/// Empties the queue and answers why the peer is not there: by the first
/// error of the queue, or else by the errno of the call that failed. Answers
/// `ok` where a datagram was too long for the path, and nothing else is wrong.
ec take_error(int socket, int number);

} // namespace pier::net
