#pragma once

/// What all TLS to servers has in common: version 1.2 at least, and the
/// system's authorities (SSL_CERT_FILE and SSL_CERT_DIR count), read once.

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>

#include <openssl/ssl.h>

#include <memory>

namespace pier::net {

/// Role: one for each loop, found by `of`. Lifetime: the loop's.
class tls_context : public boost::asio::execution_context::service {
public:
  static tls_context& of(boost::asio::io_context& io);

  /// Null: there is no memory for it.
  SSL_CTX* get() const noexcept {
    return context_.get();
  }

  static boost::asio::execution_context::id id;
  explicit tls_context(boost::asio::execution_context& io);

private:
  void shutdown() override {}

  std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context_;
};

} // namespace pier::net
