#pragma once

/// The clients of one published UDP port.
///
/// Theory of operation. All of them send to one host socket. A client is known
/// by its address and the address it sent to; its first datagrams wait until
/// its session has a socket to the guest, later ones go straight there.
/// Replies leave the host socket from the address that the client sent to
/// (IP_PKTINFO), so that the client takes them for the answer. A conversation
/// ends when both sides were silent for a while, or when the guest's kernel
/// says that nobody is there; the client then hears the same, because the port
/// is parked as soon as the container's socket is gone.

#include "net/circuit/near_sides.hpp"
#include "net/lobby.hpp"
#include "net/port/port_socket.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <memory>

namespace pier::net {

class udp_clients {
public:
  virtual ~udp_clients() = default;

  /// While a sink is set, datagrams are read; new clients come to it.
  virtual void listen(std::function<void(const arrival&)> clients) = 0;
  virtual void pause() = 0;

  /// Whom the guest takes for its client, of those that come from now on.
  virtual void show(port_source whom) = 0;
};

/// `socket` is a descriptor of its own for the port's socket. `owner` as in
/// lobby.
std::shared_ptr<udp_clients> make_udp_clients(
  circuit_surroundings around, lobby& waiting, const void* owner, fd socket,
  family kind, uint16_t container_port);

} // namespace pier::net
