#pragma once

/// A connected socket on the HTTP thread: what has come and is not used up yet,
/// and what goes.

#include "net/fd.hpp"
#include "net/lifeline.hpp"
#include "net/loop_room.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <string>

namespace pier::net {

/// One read and one write at a time. Destroyed, it closes the socket, and calls
/// nobody back.
class http_stream {
public:
  /// False: the peer has ended, or the connection is broken.
  using heard = std::function<void(bool)>;

  /// `socket` is connected and not blocking.
  http_stream(boost::asio::io_context& io, fd socket);

  /// Bytes come to `come`. Never answers from inside the call.
  void fill(heard then);

  /// May answer from inside the call.
  void send(std::string bytes, heard then);

  /// Nobody listens any more: whoever has called `fill` or `send` is not called
  /// back. What comes then waits for the next `fill`.
  void forget();

  /// FIN: nothing more goes.
  void shut();

  /// The peer hears RST when the socket is closed.
  void reset();

  /// Whether the peer has said nothing while nobody listened: neither its end
  /// nor bytes that nobody has asked for.
  bool is_quiet();

  /// The socket itself; who has it must send what is left in `come`.
  fd release();

  std::string come;

private:
  void await_bytes();
  void read_some();
  void send_on();
  void finish_send(bool open);

  boost::asio::posix::stream_descriptor socket_;
  loop_room::piece room_;
  std::string going_;
  size_t sent_ = 0;
  heard filled_;
  bool is_waiting_ = false;
  heard gone_;
  lifeline life_;
};

} // namespace pier::net
