#include "net/proxy/association.hpp"
#include "net/socket_address.hpp"
#include "test/net/proxy/fake_server.hpp"
#include "test/net/proxy/traveller.hpp"

#include <poll.h>

#include <atomic>

using namespace pier;
using namespace pier::net;
using namespace std::chrono_literals;
using trials::fake_server;
using trials::say;

namespace {

struct relay {
  relay() {
    auto at = to_kernel({ip_address::loopback(family::v4), 0});
    REQUIRE(::bind(socket.get(), at.data(), at.size) == 0);
    socket_address name;
    ::getsockname(socket.get(), name.data(), &name.size);
    port = from_kernel(name).port;
    timeval patience{10, 0};
    ::setsockopt(
      socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }

  /// What comes next, and from whom.
  std::string hear() {
    std::string out(65536, '\0');
    from = {};
    auto size = ::recvfrom(
      socket.get(), out.data(), out.size(), 0, from.data(), &from.size);
    out.resize(size < 0 ? 0 : static_cast<size_t>(size));
    return out;
  }
  void send(const std::string& what) {
    ::sendto(socket.get(), what.data(), what.size(), 0, from.data(), from.size);
  }

  fd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  uint16_t port = 0;
  socket_address from;
};

struct person : trials::loop {
  std::optional<tunnel_end> begin(uint16_t port, const std::string& host) {
    auto by = parse_upstream_proxy(
      "socks5://127.0.0.1:" + std::to_string(port));
    std::optional<tunnel_end> out;
    way->begin(
      *by, host, 53, [&](tunnel_end how) { out.emplace(std::move(how)); });
    until([&] { return out.has_value(); });
    return out;
  }

  fake_server::client opens(std::string at) {
    return [this, at = std::move(at)](int client) {
      trials::hear(client, 3);
      say(client, std::string("\5\0", 2));
      request = trials::hear(client, 10);
      say(
        client,
        std::string("\5\0\0\1", 4) + at + static_cast<char>(far.port >> 8)
          + static_cast<char>(far.port));
      trials::hear(client, 1);
      gone = true;
    };
  }

  relay far;
  std::string request;
  std::atomic<bool> gone = false;
  std::optional<association> way{std::in_place, io, trials::traveller::socket};
};

std::string hear(const fd& from) {
  std::string out(65536, '\0');
  timeval patience{10, 0};
  ::setsockopt(
    from.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  pollfd news{from.get(), POLLIN, 0};
  ::poll(&news, 1, 10000);
  auto size = ::recv(from.get(), out.data(), out.size(), 0);
  out.resize(size < 0 ? 0 : static_cast<size_t>(size));
  return out;
}

const std::string head_of_target("\0\0\0\1\12\0\0\1\0\65", 10);

} // namespace

TEST_CASE_METHOD(person, "datagrams pass a SOCKS5 proxy, both ways and whole") {
  // It says "anywhere": that is where it is itself.
  fake_server proxy{{opens(std::string(4, '\0'))}};
  auto how = begin(proxy.port(), "10.0.0.1");
  REQUIRE(how);
  REQUIRE(how->connection);
  CHECK(request == std::string("\5\3\0\1\0\0\0\0\0\0", 10));
  for (size_t size : {0UL, 5UL, 60000UL}) {
    std::string what(size, 'x');
    ::send(how->connection.get(), what.data(), what.size(), 0);
    CHECK(far.hear() == head_of_target + what);
    far.send(head_of_target + what + "y");
    CHECK(hear(how->connection) == what + "y");
  }
  CHECK_FALSE(gone);
  way.reset();
  CHECK(until([&] { return gone.load(); }));
}

TEST_CASE_METHOD(
  person, "what is not the target's, or broken, is not passed on") {
  fake_server proxy{{opens(std::string("\177\0\0\1", 4))}};
  auto how = begin(proxy.port(), "10.0.0.1");
  REQUIRE(how);
  REQUIRE(how->connection);
  ::send(how->connection.get(), "a", 1, 0);
  far.hear();
  far.send("");
  far.send("nonsense");
  far.send(std::string("\0\0\1\1\12\0\0\1\0\65", 10) + "a fragment");
  far.send(std::string("\0\0\0\1\12\0\0\2\0\65", 10) + "another's");
  far.send(std::string("\0\0\0\1\12\0\0\1\0\66", 10) + "another port's");
  far.send(head_of_target + "right");
  CHECK(hear(how->connection) == "right");
}

TEST_CASE_METHOD(person, "a name is the proxy's to look up") {
  fake_server proxy{{opens(std::string(4, '\0'))}};
  auto how = begin(proxy.port(), "dns.example");
  REQUIRE(how);
  REQUIRE(how->connection);
  ::send(how->connection.get(), "q", 1, 0);
  CHECK(far.hear() == std::string("\0\0\0\3\13dns.example\0\65", 18) + "q");
  far.send(head_of_target + "a");
  CHECK(hear(how->connection) == "a");
}

TEST_CASE_METHOD(person, "a proxy that offers no UDP says so") {
  fake_server proxy{{[](int client) {
    trials::hear(client, 3);
    say(client, std::string("\5\0", 2));
    trials::hear(client, 10);
    say(client, std::string("\5\7\0\1\0\0\0\0\0\0", 10));
  }}};
  auto how = begin(proxy.port(), "10.0.0.1");
  REQUIRE(how);
  CHECK(how->why.code == ec::not_supported);
  CHECK_FALSE(how->proxy_failed);
  std::optional<tunnel_end> none;
  way->begin(
    *parse_upstream_proxy("http://127.0.0.1"), "10.0.0.1", 53,
    [&](tunnel_end end) { none.emplace(std::move(end)); });
  CHECK(until([&] { return none.has_value(); }));
  CHECK(none->why.code == ec::not_supported);
}
