#pragma once

/// What pier-load can do. A client prints one JSON object; a server says
/// "ready" and serves until it is killed.

#include "tools/bench.d/load/place.hpp"
#include "tools/bench.d/load/via.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace load {

/// TCP and UDP at each place. A client's first byte says what it wants: `c` is
/// answered by one byte and the end, `G` by a page of HTTP, `z` and `u` reset
/// and read the count of datagrams, `b` and `B` are for load/bulk.hpp, anything
/// else is echoed. It is the server that closes first, so that TIME_WAIT stays
/// on the listening side and no client runs out of ports.
int serve(const std::vector<place>& at);

/// Answers every question with the address 192.0.2.1.
int serve_names(const place& at);

/// Connections a second: open, one byte each way, end.
int connect_rate(const route& by, double seconds, int clients);

/// That many connections a second, until its input ends; late ones are not made
/// up for. Each line of input is answered by how many there were since the
/// last.
int pace(const route& by, double rate);

/// Bits a second that arrive, all streams together; `back`: at the client.
int bulk_rate(const route& by, double seconds, int streams, bool back);

/// Microseconds for 64 bytes there and back, so many times a second; `rate` 0:
/// the next as soon as one is back.
int latency(const route& by, double seconds, double rate);

/// Microseconds for a connection, asked and answered to its end; `rate` as
/// above.
int handshakes(const route& by, double seconds, double rate);

/// Requests a second over kept-alive connections of HTTP; a proxy of HTTP is
/// asked for them itself. One that keeps no connection gets the next.
int request_rate(const route& by, double seconds, int clients);

/// Opens connections, uses each once, says "held", and keeps them until its
/// input ends.
int hold(const std::vector<route>& by, size_t count);

/// Datagrams a second that arrive; `rate` 0: as many as can be sent.
int datagram_rate(const place& at, double seconds, size_t size, double rate);

/// Questions a second that are answered, every name a new one.
int question_rate(const place& at, double seconds, size_t at_once);

/// Microseconds until a thread runs whose processor has rested for that long.
int wake(double seconds, std::chrono::microseconds rest);

} // namespace load
