#pragma once

/// The near sides that come to the lobby, and what they need to become
/// circuits.

#include "net/circuit/flow_circuit.hpp"
#include "net/circuit/introduction.hpp"
#include "net/gateway/gateway.hpp"
#include "net/io_runtime.hpp"
#include "net/lobby.hpp"

#include <chrono>
#include <memory>

namespace pier::net {

struct circuit_surroundings {
  io_runtime& runtime;
  gateway& gate;
  /// As it is now: it may change.
  const std::chrono::milliseconds& udp_idle;
  names_in_use& names;
};

/// An ordinary socket of the host, for which one of the gateway's is given up
/// where there are no descriptors left.
result<fd> spare_host_socket(gateway& gate, family kind, int type);

/// An accepted connection, as the side that called. No is RST.
std::unique_ptr<caller> make_client_caller(fd connection);

/// A first packet at the gate: TCP, UDP or echo.
std::unique_ptr<near_side>
make_gate_side(circuit_surroundings around, held_packet packet);

/// A guest's accepted connection to our HTTP proxy. No is RST, and there is no
/// other way on from it than to be accepted.
std::unique_ptr<near_side> make_call_to_proxy(fd connection);

/// A client's accepted TCP connection to a published port. `far` is an IPv4
/// socket of the gateway: whoever accepts a client has one for it already.
std::unique_ptr<near_side> make_client_side(
  circuit_surroundings around, fd connection, fd far, introduction as);

} // namespace pier::net
