#pragma once

/// Between a console's connection and the actor system: bytes of the client
/// pass the frame gate, bytes of ours pass as they are.
///
/// Limits: whoever has not introduced himself after 5 seconds, leaves 64 MiB
/// unread, or reads nothing for 10 seconds while something waits for him, is
/// dropped. Nothing is ever held back for a client: what is ours is read at
/// once, so that a console that hangs costs memory here, of which there is this
/// much, and no time anywhere.

#include "messages/error.hpp"
#include "net/console/frame_gate.hpp"
#include "net/console/stream.hpp"
#include "net/fd.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace pier::net {

class bridge : public std::enable_shared_from_this<bridge> {
public:
  struct limits {
    std::chrono::milliseconds introduction{5000};
    std::chrono::milliseconds standstill{10000};
    size_t unread = 64 << 20;
    /// The client's end of a connection: what the daemon says passes as it is.
    bool gated = true;
  };

  bridge(
    boost::asio::io_context& io, std::unique_ptr<console_stream> client,
    limits bounds);

  /// Who it is; the socket speaks BASP, is not blocking, and ends the bridge
  /// when it is closed. Once, or never when the client is nobody.
  std::function<void(std::string name, net::fd ours)> on_known;

  /// It is over, and why. Once, unless `close` was first.
  std::function<void(const error& why)> on_end;

  /// It lives until it ends; handlers hold it.
  void start();

  void close();

  /// The client is nobody yet.
  bool is_stranger() const noexcept {
    return !known_;
  }

private:
  void introduce(std::string name);
  bool admit(std::string_view bytes);
  void read_client();
  void read_ours();
  void write_client();
  void await_progress();
  void end(const error& why);

  std::unique_ptr<console_stream> client_;
  boost::asio::local::stream_protocol::socket ours_;
  boost::asio::steady_timer introduction_;
  boost::asio::steady_timer standstill_;
  limits limits_;
  frame_gate gate_;
  std::array<char, 16384> from_client_{};
  std::array<char, 65536> from_ours_{};
  std::string passed_;
  std::deque<std::string> outbox_;
  size_t sent_ = 0; // of the first one
  size_t unread_ = 0;
  bool known_ = false;
  bool over_ = false;
};

} // namespace pier::net
