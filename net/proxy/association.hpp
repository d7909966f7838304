#pragma once

/// UDP through a SOCKS5 proxy: from the proxy and a target to a socket for its
/// datagrams.

#include "messages/upstream_proxy.hpp"
#include "net/lifeline.hpp"
#include "net/proxy/approach.hpp"
#include "net/proxy/handshake_stream.hpp"
#include "net/proxy/socks_client.hpp"
#include "net/proxy/tunnel.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace pier::net {

/// One at a time; destroyed, it ends it, and calls nobody back.
class association {
public:
  using taker = tunnel::taker;

  association(boost::asio::io_context& io, socket_source sockets);

  void wait_at_most(std::chrono::milliseconds patience) noexcept {
    patience_ = patience;
  }

  /// `connection` of the answer is a UDP socket, not blocking, whose datagrams
  /// are the target's (net/proxy/datagram_session) as long as this lives and
  /// the proxy does; later ones are refused by ICMP. Refused with
  /// ec::not_supported where the proxy does not offer it: HTTP proxies never
  /// do. Never answers from inside the call.
  void begin(
    const upstream_proxy& by, const std::string& host, uint16_t port,
    taker done);

private:
  void ask(fd socket);
  void open(const socks_address& at);
  void fail(ec code, const std::string& why, bool by_proxy);
  void end(tunnel_end how);

  boost::asio::io_context& io_;
  socket_source sockets_;
  boost::asio::steady_timer deadline_;
  std::chrono::milliseconds patience_{30000};
  upstream_proxy by_;
  socks_address target_;
  std::unique_ptr<approach> approach_;
  std::unique_ptr<handshake_stream> stream_;
  std::optional<socks_client> socks_;
  fd lease_;
  uint64_t turn_ = 0;
  taker done_;
  lifeline life_;
};

} // namespace pier::net
