#include "net/console/tls_stream.hpp"

#include "net/stream_options.hpp"

#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace pier::net {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

namespace {

result<tls_context> make_context(
  ssl::context::method side, const std::string& authority,
  const credentials& own) {
  auto made = std::make_shared<ssl::context>(side);
  error_code why;
  auto must = [&why](auto&& step) {
    if (!why)
      step();
  };
  must([&] { made->add_certificate_authority(asio::buffer(authority), why); });
  must([&] {
    made->use_certificate(
      asio::buffer(own.certificate), ssl::context::pem, why);
  });
  must([&] {
    made->use_private_key(asio::buffer(own.key), ssl::context::pem, why);
  });
  must([&] {
    made->set_verify_mode(
      ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, why);
  });
  auto* native = made->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
  // A session that is resumed would not show its certificate again.
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(native, 0);
  if (why)
    return error{
      ec::bad_request,
      "the certificates of consoles are no good: " + why.message()};
  return made;
}

class tls_stream : public console_stream {
public:
  tls_stream(
    asio::ip::tcp::socket peer, tls_context with,
    ssl::stream_base::handshake_type side, register_of_clients clients)
    : with_(std::move(with)),
      peer_(std::move(peer), *with_),
      side_(side),
      clients_(std::move(clients)) {
    error_code ignored;
    set_stream_options(peer_.lowest_layer().native_handle());
    if (side_ == ssl::stream_base::client)
      peer_.set_verify_callback(
        ssl::host_name_verification{daemon_name}, ignored);
  }

  void identify(known then) override {
    peer_.async_handshake(
      side_, [this, then = std::move(then)](const error_code& why) {
        if (why || side_ == ssl::stream_base::client)
          return then(why, daemon_name);
        auto name = clients_(peer_fingerprint());
        then(
          name.empty() ? make_error_code(asio::error::access_denied)
                       : error_code{},
          name);
      });
  }

  void read(asio::mutable_buffer into, done then) override {
    peer_.async_read_some(into, std::move(then));
  }
  void write(asio::const_buffer from, done then) override {
    peer_.async_write_some(from, std::move(then));
  }
  void close() override {
    error_code ignored;
    peer_.lowest_layer().close(ignored);
  }

private:
  std::string peer_fingerprint() {
    std::unique_ptr<X509, decltype(&X509_free)> one{
      SSL_get1_peer_certificate(peer_.native_handle()), X509_free};
    std::unique_ptr<BIO, decltype(&BIO_free_all)> text{
      BIO_new(BIO_s_mem()), BIO_free_all};
    if (!one || !text || PEM_write_bio_X509(text.get(), one.get()) != 1)
      return {};
    char* data = nullptr;
    auto size = BIO_get_mem_data(text.get(), &data);
    auto print = fingerprint({data, static_cast<size_t>(size)});
    return print ? *print : std::string{};
  }

  tls_context with_;
  ssl::stream<asio::ip::tcp::socket> peer_;
  ssl::stream_base::handshake_type side_;
  register_of_clients clients_;
};

} // namespace

result<tls_context>
make_daemon_context(const std::string& authority, const credentials& own) {
  return make_context(ssl::context::tls_server, authority, own);
}

result<tls_context> make_client_context(const bundle& of) {
  return make_context(ssl::context::tls_client, of.authority, of.client);
}

std::unique_ptr<console_stream> make_tls_stream(
  asio::ip::tcp::socket peer, tls_context with, register_of_clients known) {
  return std::make_unique<tls_stream>(
    std::move(peer), std::move(with), ssl::stream_base::server,
    std::move(known));
}

std::unique_ptr<console_stream>
make_tls_stream(asio::ip::tcp::socket peer, tls_context with) {
  return std::make_unique<tls_stream>(
    std::move(peer), std::move(with), ssl::stream_base::client, nullptr);
}

} // namespace pier::net
