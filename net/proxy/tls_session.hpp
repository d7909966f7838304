#pragma once

/// One TLS connection to a server, pumped: plain bytes at one socket, TLS at
/// the other.
///
/// Theory of operation. OpenSSL works on the socket itself, which never blocks;
/// whatever it or our own side waits for is awaited, and every event drives
/// both directions as far as they go. FIN of ours is the server's close_notify,
/// and its is a FIN for us; one direction may go on after the other's end,
/// where the server allows that. Whoever closes our side before the server has
/// ended resets the server's. Limits: an end without close_notify passes for
/// one with it, since servers forget it; a reset by the server is an end for
/// us, since a pair of Unix sockets knows no other.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <openssl/ssl.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace pier::net {

/// Lives on one loop, whose waits keep it, until it is over.
class tls_session : public std::enable_shared_from_this<tls_session> {
public:
  /// ec::ok: the server is who it says, and bytes go both ways from now on.
  /// Once.
  using secured = std::function<void(const error&)>;

  /// `peer` is connected, `ours` one end of a pair, neither of them blocking.
  /// `host` is whom the certificate must name.
  tls_session(
    boost::asio::io_context& io, SSL_CTX* by, fd peer, fd ours,
    const std::string& host, secured then);
  ~tls_session();

  tls_session(const tls_session&) = delete;
  tls_session& operator=(const tls_session&) = delete;

  void start();

private:
  using descriptor = boost::asio::posix::stream_descriptor;

  struct lane {
    std::array<char, 16384> bytes{};
    size_t begin = 0;
    size_t end = 0;
    bool ended = false; // the source has
    bool done = false;  // and the sink knows

    bool is_empty() const noexcept {
      return begin == end;
    }
  };

  void pump();
  bool shake_hands();
  bool pump_up();
  bool pump_down();
  bool judge(int returned);
  void arm();
  void await(descriptor& at, descriptor::wait_type what, bool& waits);
  void fail_handshake();
  void tell(const error& why);
  void end(bool reset);

  descriptor peer_;
  descriptor ours_;
  std::unique_ptr<SSL, decltype(&::SSL_free)> tls_;
  std::string host_;
  secured then_;
  lane up_;
  lane down_;
  bool is_secure_ = false;
  bool over_ = false;
  bool hung_up_ = false; // our side is closed altogether
  bool wants_read_ = false;
  bool wants_write_ = false;
  bool awaits_peer_read_ = false;
  bool awaits_peer_write_ = false;
  bool awaits_ours_read_ = false;
  bool awaits_ours_write_ = false;
};

} // namespace pier::net
