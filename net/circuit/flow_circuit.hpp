#pragma once

/// A circuit of two connected sockets: TCP or UDP, either way. What differs is
/// how each side is come by; that is given as functions.

#include "net/circuit/dialer.hpp"
#include "net/circuit/introduction.hpp"
#include "net/io_runtime.hpp"
#include "net/network.hpp"
#include "net/relay/relay_loop.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace pier::net {

/// The side that called.
class caller {
public:
  virtual ~caller() = default;

  /// Says yes, and gives the caller's connected socket.
  virtual void accept(std::function<void(result<fd>)> done) = 0;

  /// Says no. Called at most once, and not after `accept`.
  virtual void refuse(ec why) = 0;

  /// Tells a datagram's sender, after `accept`, that its peer is not there.
  virtual void report(ec) {}
};

struct flow_circuit_parts {
  boost::asio::io_context& io;
  relay_loop& relays;
  protocol proto = protocol::tcp;
  direction way = direction::outbound;
  std::chrono::milliseconds udp_idle{90000};
  std::unique_ptr<caller> from;
  /// A fresh socket for the far side.
  std::function<result<fd>(family)> far_socket;
  /// What the far side is to know of the caller.
  introduction as{};
  /// The far side is this Unix socket, whatever address is dialled.
  std::string path{};
  /// For datagrams that go by a proxy, one for the way to it; null: none do.
  std::function<result<fd>(family)> proxy_socket{};
};

std::unique_ptr<circuit>
make_flow_circuit(flow_circuit_parts parts, circuit::sink events);

} // namespace pier::net
