#include "net/proxy/tls_context.hpp"

namespace pier::net {

namespace asio = boost::asio;

asio::execution_context::id tls_context::id;

tls_context& tls_context::of(asio::io_context& io) {
  return asio::use_service<tls_context>(io);
}

tls_context::tls_context(asio::execution_context& io)
  : service(io),
    context_(::SSL_CTX_new(::TLS_client_method()), ::SSL_CTX_free) {
  auto* made = context_.get();
  if (made == nullptr)
    return;
  SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION);
  ::SSL_CTX_set_default_verify_paths(made);
  ::SSL_CTX_set_verify(made, SSL_VERIFY_PEER, nullptr);
  ::SSL_CTX_set_options(made, SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(
    made,
    SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
      | SSL_MODE_RELEASE_BUFFERS);
}

} // namespace pier::net
