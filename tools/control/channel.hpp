#pragma once

/// One end of a control connection: lines and descriptors in, lines and
/// descriptors out.
///
/// Limits: a line longer than `line` bytes, more descriptors than one request
/// takes, or a peer that leaves `unsent` bytes unread end the connection.
/// Descriptors arrive with the first byte of their line and wait in order of
/// arrival until they are taken; those nobody takes are closed.
/// Lifetime: keeps itself alive while it is open; `close` or the peer ends it.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct msghdr;

namespace pier::control {

class channel : public std::enable_shared_from_this<channel> {
public:
  using socket = boost::asio::local::stream_protocol::socket;

  struct limits {
    size_t line;
    size_t unsent;
  };

  channel(socket peer, limits bounds);

  /// `line` hears of every line, without its end; `closed` once, of the end,
  /// with the reason if it was ours. Neither is called after `close`.
  void start(
    std::function<void(std::string_view)> line,
    std::function<void(const error&)> closed);

  /// Takes a line with its end. The descriptors are duplicated by the kernel
  /// and stay the caller's business until the line has left: hand over copies.
  void send(std::string line, std::vector<net::fd> descriptors = {});

  /// The oldest `count` descriptors, or none at all when there are fewer.
  std::vector<net::fd> take_descriptors(size_t count);

  /// Called when all has left that could not leave at once.
  std::function<void()> on_room;

  /// Bytes that have not left.
  size_t unsent() const noexcept {
    return unsent_;
  }

  /// Everything sent has left.
  bool idle() const noexcept {
    return outbox_.empty();
  }

  /// Closes when everything has left; hears nothing more until then.
  void close_when_idle();
  void close();

  bool open() const noexcept {
    return socket_.is_open();
  }

private:
  struct parcel {
    std::string bytes;
    std::vector<net::fd> descriptors;
    size_t sent = 0;
  };

  void read_more();
  bool receive();
  bool keep(msghdr& header);
  void cut_lines(size_t fresh);
  void write_more();
  bool transmit();
  void shut();
  void fail(error why);

  socket socket_;
  limits limits_;
  std::function<void(std::string_view)> on_line_;
  std::function<void(const error&)> on_closed_;
  std::string inbox_;
  std::deque<net::fd> descriptors_;
  std::deque<parcel> outbox_;
  size_t unsent_ = 0;
  bool writing_ = false;
  bool closing_ = false; // shut once the outbox is empty
  bool deaf_ = false;    // the owner hears nothing more
};

} // namespace pier::control
