#pragma once

/// Fetches a PAC script from a web server, past all proxies: it is they that it
/// tells of.

#include "net/lifeline.hpp"
#include "net/pac/script_url.hpp"
#include "net/proxy/approach.hpp"
#include "net/proxy/handshake_stream.hpp"
#include "net/proxy/http_exchange.hpp"
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

/// One at a time; destroyed, it calls nobody back. A script has a megabyte at
/// most, comes within `patience`, and after five redirects at most.
class script_fetch {
public:
  using taker = std::function<void(result<std::string>)>;

  script_fetch(
    boost::asio::io_context& io, socket_source sockets,
    std::chrono::milliseconds patience = std::chrono::seconds{20});

  /// The refusal names the URL. Never answers from inside the call.
  void begin(const script_url& from, taker done);

private:
  void approach_server();
  void request(fd socket);
  void hear(const http_answer& answer);
  void fail(ec code, const std::string& why);
  void end(result<std::string> how);

  boost::asio::io_context& io_;
  socket_source sockets_;
  std::chrono::milliseconds patience_;
  boost::asio::steady_timer deadline_;
  script_url from_;
  int redirects_ = 0;
  std::unique_ptr<approach> approach_;
  std::unique_ptr<tls_client> tls_;
  std::unique_ptr<handshake_stream> stream_;
  std::optional<http_exchange> http_;
  uint64_t turn_ = 0;
  taker done_;
  lifeline life_;
};

} // namespace pier::net
