#pragma once

/// One target's datagrams through a SOCKS5 proxy (RFC 1928, 7), pumped: plain
/// ones at one socket, such with heads at the other. It lives as long as the
/// proxy's TCP connection and the lease of its owner do.
///
/// Limits: what comes in fragments, or from another than the target, is
/// dropped, and so is what does not fit into a socket at that moment.

#include "net/fd.hpp"
#include "net/loop_room.hpp"
#include "net/socks/wire.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <memory>
#include <string>
#include <utility>

namespace pier::net {

struct datagram_sides {
  /// The proxy's connection, which says that it still holds the association.
  fd control;
  /// UDP, connected with the proxy's relay.
  fd relay;
  /// UDP, connected with that of the owner.
  fd ours;
  /// One end of a pair, whose other end the owner closes.
  fd lease;
};

/// Two UDP sockets that hear each other and nobody else, not blocking.
result<std::pair<fd, fd>> make_datagram_pair();

/// Lives on one loop, whose waits keep it. None of the sockets blocks.
class datagram_session : public std::enable_shared_from_this<datagram_session> {
public:
  datagram_session(
    boost::asio::io_context& io, datagram_sides sides, socks_address target);

  void start();

private:
  using descriptor = boost::asio::posix::stream_descriptor;

  void await_ours();
  void await_relay();
  void await_end(descriptor& at);
  void pass_on();
  void pass_back();
  bool is_of_target(const socks_address& from) const;
  void end();

  descriptor control_;
  descriptor relay_;
  descriptor ours_;
  descriptor lease_;
  socks_address target_;
  std::string head_;
  loop_room::piece room_;
};

} // namespace pier::net
