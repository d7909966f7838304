#pragma once

/// A console of another machine: TLS 1.3, and a certificate on both sides.

#include "net/console/certificates.hpp"
#include "net/console/stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace pier::net {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

/// Made once, and shared by all connections. Whoever has no certificate of this
/// authority is refused in the handshake.
result<tls_context>
make_daemon_context(const std::string& authority, const credentials& own);
result<tls_context> make_client_context(const bundle& of);

/// Who a certificate of our authority belongs to, by its fingerprint; empty: it
/// has been revoked.
using register_of_clients = std::function<std::string(const std::string&)>;

/// The daemon's side. The client is who the register says.
std::unique_ptr<console_stream> make_tls_stream(
  boost::asio::ip::tcp::socket peer, tls_context with,
  register_of_clients known);

/// The client's side: whoever has not the daemon's certificate is nobody.
std::unique_ptr<console_stream>
make_tls_stream(boost::asio::ip::tcp::socket peer, tls_context with);

} // namespace pier::net
