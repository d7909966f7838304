#pragma once

/// One client's UDP association (RFC 1928, 7): a socket for its datagrams, each
/// of which says where it is to go.
///
/// Theory of operation. It lives as long as the client's connection, over which
/// nothing more is said, and hears datagrams of that client alone: of the
/// address that it is connected from, and from its first datagram on of that
/// port. Each target is a conversation of its own, as with a published port:
/// a near side in the lobby, then a circuit under the sessions of its
/// container. Answers come with the address that they are really from. Pieces
/// of datagrams are dropped, as the RFC lets one do.

#include "net/circuit/near_sides.hpp"
#include "net/lobby.hpp"
#include "net/port/port.hpp"

#include <functional>
#include <memory>

namespace pier::net {

/// Role: nobody's but its owner's. Destroyed, it ends all its conversations.
class socks_association {
public:
  virtual ~socks_association() = default;
};

struct association_parts {
  circuit_surroundings around;
  lobby& waiting;
  /// As in lobby.
  const void* owner = nullptr;
  port::sink arrivals;
  /// The client has gone. Called once, and not from inside `associate`.
  std::function<void()> gone;
};

/// `client` is the connection that asked; `expected`: where its datagrams come
/// from, as far as it has said so. It hears yes, and where to send, or no:
/// then there is none.
std::shared_ptr<socks_association>
associate(association_parts parts, fd client, const endpoint& expected);

} // namespace pier::net
