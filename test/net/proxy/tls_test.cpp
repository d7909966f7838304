#include "net/proxy/tunnel.hpp"
#include "test/net/dns/loop.hpp"
#include "test/net/proxy/fake_server.hpp"
#include "test/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

using namespace pier;
using namespace pier::net;
using namespace std::chrono_literals;
using trials::fake_server;

namespace {

template <class T, void (*Free)(T*)>
struct freed {
  void operator()(T* what) const {
    Free(what);
  }
};
using key = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY, ::EVP_PKEY_free>>;
using certificate = std::unique_ptr<X509, freed<X509, ::X509_free>>;

certificate sign_itself(EVP_PKEY* by, const std::string& names) {
  certificate out{::X509_new()};
  ::X509_set_version(out.get(), 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(out.get()), 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(out.get()), -3600);
  ::X509_gmtime_adj(::X509_getm_notAfter(out.get()), 3600);
  ::X509_set_pubkey(out.get(), by);
  auto* name = ::X509_get_subject_name(out.get());
  ::X509_NAME_add_entry_by_txt(
    name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"),
    -1, -1, 0);
  ::X509_set_issuer_name(out.get(), name);
  auto* extension = ::X509V3_EXT_conf_nid(
    nullptr, nullptr, NID_subject_alt_name, names.c_str());
  ::X509_add_ext(out.get(), extension, -1);
  ::X509_EXTENSION_free(extension);
  ::X509_sign(out.get(), by, ::EVP_sha256());
  return out;
}

/// The one authority that this program's process trusts: OpenSSL reads where it
/// is once, when the first connection is made.
struct authority_of_tests {
  authority_of_tests() {
    std::unique_ptr<FILE, int (*)(FILE*)> file{
      std::fopen((dir / "ca.pem").c_str(), "w"), std::fclose};
    ::PEM_write_X509(file.get(), good.get());
    file.reset();
    ::setenv("SSL_CERT_FILE", (dir / "ca.pem").c_str(), 1);
    ::setenv("SSL_CERT_DIR", dir.path().c_str(), 1);
  }

  test::temp_dir dir;
  key pair{EVP_EC_gen("P-256")};
  certificate good = sign_itself(pair.get(), "IP:127.0.0.1,DNS:localhost");
  certificate elsewhere = sign_itself(pair.get(), "DNS:other.example");
};

authority_of_tests& authority() {
  static authority_of_tests one;
  return one;
}

using tls = std::unique_ptr<SSL, freed<SSL, ::SSL_free>>;

/// The server's side, or nothing where the handshake has failed.
tls accept_tls(int client, X509* with) {
  std::unique_ptr<SSL_CTX, freed<SSL_CTX, ::SSL_CTX_free>> context{
    ::SSL_CTX_new(::TLS_server_method())};
  ::SSL_CTX_use_certificate(context.get(), with);
  ::SSL_CTX_use_PrivateKey(context.get(), authority().pair.get());
  tls out{::SSL_new(context.get())};
  ::SSL_set_fd(out.get(), client);
  return ::SSL_accept(out.get()) == 1 ? std::move(out) : nullptr;
}

std::string hear_head(SSL* from) {
  std::string out;
  char one = 0;
  while (!out.ends_with("\r\n\r\n") && ::SSL_read(from, &one, 1) == 1)
    out.push_back(one);
  return out;
}

void say(SSL* to, const std::string& what) {
  ::SSL_write(to, what.data(), static_cast<int>(what.size()));
}

struct person : trials::loop {
  std::optional<tunnel_end>
  dial(uint16_t port, const std::string& host = "127.0.0.1") {
    auto by = parse_upstream_proxy(
      "https://" + host + ":" + std::to_string(port));
    std::optional<tunnel_end> out;
    way.begin(*by, "web.example", 443, [&](tunnel_end how) {
      out.emplace(std::move(how));
    });
    until([&] { return out.has_value(); });
    return out;
  }

  authority_of_tests& trusted = authority();
  tunnel way{
    io, [](family kind) { return host_socket(kind, SOCK_STREAM); }, nullptr};
};

void be_patient(const fd& socket) {
  timeval patience{10, 0};
  ::setsockopt(
    socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ::fcntl(socket.get(), F_SETFL, 0);
}

} // namespace

TEST_CASE_METHOD(person, "bytes pass a proxy that speaks TLS, both ways") {
  // More than fits into all buffers on the way, so that both have to wait.
  std::string much(4 << 20, 'x');
  size_t heard = 0;
  fake_server proxy{{[&](int client) {
    auto server = accept_tls(client, authority().good.get());
    if (!server)
      return;
    hear_head(server.get());
    say(server.get(), "HTTP/1.1 200 OK\r\n\r\n");
    std::string bytes(16384, '\0');
    while (heard < much.size()) {
      auto count = ::SSL_read(
        server.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (count <= 0)
        return;
      heard += static_cast<size_t>(count);
    }
    say(server.get(), much);
    ::SSL_shutdown(server.get());
  }}};
  auto how = dial(proxy.port());
  REQUIRE(how);
  INFO(how->why.text);
  REQUIRE(how->connection);
  be_patient(how->connection);
  trials::say(how->connection.get(), much);
  CHECK(trials::hear(how->connection.get(), much.size()) == much);
  CHECK(trials::hear(how->connection.get(), 1).empty());
  CHECK(heard == much.size());
}

TEST_CASE_METHOD(person, "half a TLS connection ends, the other half goes on") {
  std::string heard;
  fake_server proxy{{[&](int client) {
    auto server = accept_tls(client, authority().good.get());
    if (!server)
      return;
    hear_head(server.get());
    say(server.get(), "HTTP/1.1 200 OK\r\n\r\n");
    char one = 0;
    while (::SSL_read(server.get(), &one, 1) == 1)
      heard.push_back(one);
    say(server.get(), "answer");
    ::SSL_shutdown(server.get());
  }}};
  auto how = dial(proxy.port(), "localhost");
  REQUIRE(how);
  REQUIRE(how->connection);
  be_patient(how->connection);
  trials::say(how->connection.get(), "question");
  ::shutdown(how->connection.get(), SHUT_WR);
  CHECK(trials::hear(how->connection.get(), 7) == "answer");
  CHECK(heard == "question");
}

TEST_CASE_METHOD(person, "who closes his side early resets the proxy's") {
  std::atomic<int> error = -1;
  fake_server proxy{{[&](int client) {
    auto server = accept_tls(client, authority().good.get());
    if (!server)
      return;
    hear_head(server.get());
    say(server.get(), "HTTP/1.1 200 OK\r\n\r\n");
    char one = 0;
    // First its close_notify, perhaps; then the reset.
    while (::recv(client, &one, 1, 0) > 0) {}
    error = errno;
  }}};
  auto how = dial(proxy.port());
  REQUIRE(how);
  REQUIRE(how->connection);
  how->connection.reset();
  CHECK(until([&] { return error.load() != -1; }));
  CHECK(error == ECONNRESET);
}

TEST_CASE_METHOD(
  person, "a proxy whose certificate is for another is refused") {
  fake_server proxy{
    {[&](int client) { accept_tls(client, authority().elsewhere.get()); }}};
  auto how = dial(proxy.port());
  REQUIRE(how);
  CHECK(how->why.code == ec::permission_denied);
  CHECK(how->proxy_failed);
  CHECK(
    how->why.text.find("certificate is no good for 127.0.0.1")
    != std::string::npos);
}

TEST_CASE_METHOD(person, "a proxy that speaks no TLS is none") {
  auto speaks = [](int client) {
    trials::hear(client, 10);
    trials::say(client, "HTTP/1.1 400 Bad Request\r\n\r\n");
  };
  auto hangs_up = [](int client) { trials::hear(client, 1); };
  fake_server proxy{{speaks, hangs_up}};
  auto how = dial(proxy.port());
  REQUIRE(how);
  CHECK(how->why.code == ec::bad_request);
  CHECK(how->proxy_failed);
  how = dial(proxy.port());
  REQUIRE(how);
  CHECK(how->why.code == ec::reset);
  CHECK(how->proxy_failed);
}

TEST_CASE_METHOD(person, "a TLS handshake that takes for ever ends in time") {
  std::atomic<bool> closed = false;
  fake_server proxy{{[&](int client) {
    std::string some;
    while (!(some = trials::hear(client, 1)).empty()) {}
    closed = true;
  }}};
  way.wait_at_most(50ms);
  auto how = dial(proxy.port());
  REQUIRE(how);
  CHECK(how->why.code == ec::timed_out);
  CHECK(how->proxy_failed);
  CHECK(until([&] { return closed.load(); }));
}
