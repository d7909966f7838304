#pragma once

/// A connected socket while something is agreed upon at it.
///
/// Theory of operation. Bytes are looked at in the kernel (MSG_PEEK) and taken
/// from there only as far as they belong to the agreement. So whatever the peer
/// has sent behind it is still in the socket when that is handed on, and a
/// relay that splices never knows that somebody has read there before.

#include "messages/error.hpp"
#include "net/fd.hpp"
#include "net/readiness.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pier::net {

/// One read and one write at a time. Destroyed, it closes the socket, and calls
/// nobody back.
class handshake_stream {
public:
  /// ec::ok, or how the connection has broken.
  using written = std::function<void(ec)>;
  /// What is to be read now, valid for the call; nothing at its end. How the
  /// connection has broken otherwise.
  using seen = std::function<void(ec, std::string_view)>;

  /// `socket` is connected and not blocking.
  handshake_stream(boost::asio::io_context& io, fd socket);
  ~handshake_stream();

  handshake_stream(const handshake_stream&) = delete;
  handshake_stream& operator=(const handshake_stream&) = delete;

  /// May answer from inside the call.
  void write(std::string bytes, written then);

  /// Never answers from inside the call.
  void look(seen then);

  /// So many of the bytes that were seen last are used up. Whoever looks again
  /// has taken at least one.
  void take(size_t count);

  /// The socket, with what has not been taken.
  fd release();

private:
  void write_on();
  void hear_readable();

  readiness& loop_;
  fd socket_;
  std::string outgoing_;
  size_t sent_ = 0;
  written written_;
  seen seen_;
  std::vector<char> buffer_;
  readiness::wait wait_; // ends before its socket does
};

} // namespace pier::net
