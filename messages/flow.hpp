#pragma once

/// A flow: one TCP connection, one UDP conversation or one ICMP echo, between
/// a guest and a peer, and the news of it. Values; the sockets are a
/// net::circuit.

#include "messages/address.hpp"
#include "messages/error.hpp"
#include "messages/port_spec.hpp"

#include <cstdint>
#include <string>

namespace pier {

/// The number under which a resource waits in `net` until an actor claims it.
/// Zero is nobody's.
using ticket = uint64_t;

enum class direction : uint8_t { outbound, inbound };

/// "out" or "in".
constexpr const char* to_string(direction way) noexcept {
  return way == direction::outbound ? "out" : "in";
}

/// Who talks to whom, seen from the guest's network. A static forward leads in,
/// too, to wherever its target is. An endpoint of a Unix socket is all zeros.
struct flow {
  direction way = direction::outbound;
  protocol proto = protocol::tcp;
  /// Outbound: the source. Inbound: where the container's service is.
  endpoint guest;
  /// Outbound: the destination as the guest sees it. Inbound: the client.
  endpoint peer;

  friend bool operator==(const flow&, const flow&) = default;
};

/// "tcp 192.168.65.3:4711 → 1.1.1.1:443", always from initiator to target.
std::string to_string(const flow& what);

/// A flow that waits to be claimed: its first packet is held at the gate, or
/// its client's connection has been accepted.
struct arrival {
  ticket number = 0;
  flow what;
  /// Of a client of SOCKS that asks for a name: then of the flow's `guest` only
  /// the port is known.
  std::string name{};
};

/// Bytes that went through, seen from the guest.
struct traffic {
  uint64_t sent = 0;
  uint64_t received = 0;

  friend bool operator==(const traffic&, const traffic&) = default;
};

/// What a circuit tells its session.
struct circuit_event {
  enum class kind : uint8_t {
    dialed,  // the far side has answered: yes
    refused, // the far side has answered: no; `why` says how
    joined,  // both sides are connected, bytes flow
    ended,   // it is over; `why` is ok, reset, timed_out, …
  };
  kind what = kind::ended;
  ec why = ec::ok;
  traffic bytes;
};

} // namespace pier
