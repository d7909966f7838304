#pragma once

/// From a proxy and a target to a connection with the target.
///
/// Theory of operation. The proxy is dialled as everything else is that leaves
/// this host (net/proxy/approach). What it speaks is spoken on the socket with
/// nothing read beyond it (net/proxy/handshake_stream), so that what comes of
/// it is a plain descriptor for the relay; with a proxy that speaks TLS it is
/// one end of a pair, whose other end net/proxy/pump_thread serves. A
/// name is never looked up here: the proxy does that, as only it may know it.
///
/// A proxy that is not there is told from one that does not reach the target:
/// for the first there may be another proxy, for the second there is not.

#include "messages/upstream_proxy.hpp"
#include "net/lifeline.hpp"
#include "net/proxy/approach.hpp"
#include "net/proxy/authentication.hpp"
#include "net/proxy/handshake_stream.hpp"
#include "net/proxy/http_exchange.hpp"
#include "net/proxy/socks_client.hpp"
#include "net/proxy/tls_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace pier::net {

struct tunnel_end {
  /// Connected, not blocking; a TCP socket or a Unix one. What the target has
  /// said already is in it. Empty: there is none.
  fd connection;
  /// ec::refused, ec::host_unreachable, ec::network_unreachable, ec::timed_out,
  /// ec::reset; ec::forbidden: by the proxy's rules; ec::permission_denied: the
  /// proxy takes no login of ours; ec::bad_request: it is no such proxy.
  error why{ec::ok, {}};
  /// It is the proxy that is not to be had: another one may do.
  bool proxy_failed = false;
};

/// One attempt at a time; destroyed, it closes what it has begun and calls
/// nobody back.
class tunnel {
public:
  using taker = std::function<void(tunnel_end)>;

  tunnel(
    boost::asio::io_context& io, socket_source sockets,
    std::shared_ptr<login_memory> past);

  /// Who is silent for so long has failed.
  void wait_at_most(std::chrono::milliseconds patience) noexcept {
    patience_ = patience;
  }

  /// `host` is a name or an address without brackets. Never answers from
  /// inside the call.
  void begin(
    const upstream_proxy& by, const std::string& host, uint16_t port,
    taker done);

  /// Only as far as the proxy itself, for requests in absolute form.
  void reach(const upstream_proxy& by, taker done);

private:
  void start(const upstream_proxy& by, taker done);
  void approach_proxy();
  void secure(fd socket);
  void speak(fd socket);
  void speak_socks();
  void speak_http(const std::string& login);
  void hear_login(const result<std::string>& said, bool here);
  void hear_broken(const error& why);
  void hear_challenges(const http_answer& from);
  /// What the proxy is silent about may be the target's silence.
  bool knows_target() const;
  void succeed();
  void fail(ec code, const std::string& why, bool by_proxy);
  void end(tunnel_end how);

  boost::asio::io_context& io_;
  socket_source sockets_;
  std::shared_ptr<login_memory> past_;
  boost::asio::steady_timer deadline_;
  std::chrono::milliseconds patience_{30000};
  upstream_proxy by_;
  std::string host_; // empty: the proxy itself
  uint16_t port_ = 0;
  std::unique_ptr<approach> approach_;
  std::unique_ptr<tls_client> tls_;
  std::unique_ptr<authentication> login_;
  std::unique_ptr<handshake_stream> stream_;
  std::optional<http_exchange> http_;
  std::optional<socks_client> socks_;
  /// What is to be said of us, once that is known.
  std::optional<std::string> words_;
  /// The proxy has been asked on this connection, and before that, too.
  bool asked_ = false;
  bool reused_ = false;
  bool redialled_ = false;
  uint64_t turn_ = 0;
  taker done_;
  lifeline life_;
};

} // namespace pier::net
