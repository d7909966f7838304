/// Why net/port/port_socket can park a UDP port, and why it renews one of IPv6.

#include "net/link/netlink.hpp"
#include "test/platform/scenery.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

using namespace pier;
using namespace pier::platform;

namespace {

net::fd bound(const endpoint& at) {
  auto made = make_socket(at.ip.kind(), SOCK_DGRAM);
  if (!at.ip.is_v4())
    set(made, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  REQUIRE(bind_to(made, at) == 0);
  return made;
}

void disconnect(const net::fd& socket) {
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  REQUIRE(::connect(socket.get(), &nobody, sizeof(nobody)) == 0);
}

/// What a client of `at` hears: nothing bad, or an errno.
int try_send(const endpoint& at) {
  auto client = make_socket(at.ip.kind(), SOCK_DGRAM);
  REQUIRE(connect_to(client, at) == 0);
  REQUIRE(send(client, "question"));
  char byte = 0;
  ::recv(client.get(), &byte, 1, MSG_DONTWAIT);
  return errno == EAGAIN ? 0 : errno;
}

int rival(const endpoint& at, bool reuse) {
  auto made = make_socket(at.ip.kind(), SOCK_DGRAM);
  if (reuse)
    set(made, SOL_SOCKET, SO_REUSEADDR, 1);
  return bind_to(made, at);
}

} // namespace

TEST_CASE("a UDP socket connected to itself is a port that nobody has") {
  NEEDS_A_NETWORK();
  auto at = loopback(GENERATE(family::v4, family::v6), 3001);
  auto port = bound(at);
  REQUIRE(connect_to(port, at) == 0);
  CHECK(try_send(at) == ECONNREFUSED);
  CHECK_FALSE(readable(port, 0));
  CHECK(rival(at, false) == EADDRINUSE);
  CHECK(rival(at, true) == EADDRINUSE);
}

TEST_CASE("disconnected it hears everybody again, and keeps its number") {
  NEEDS_A_NETWORK();
  auto at = loopback(GENERATE(family::v4, family::v6), 3002);
  auto port = bound(at);
  for (int round = 0; round < 3; ++round) {
    REQUIRE(connect_to(port, at) == 0);
    CHECK(try_send(at) == ECONNREFUSED);
    disconnect(port);
    CHECK(own_address(port) == at);
    CHECK(try_send(at) == 0);
    CHECK(receive(port) == "question");
  }
}

TEST_CASE("a UDP port of every address parks by its loopback address") {
  NEEDS_A_NETWORK();
  auto kind = GENERATE(family::v4, family::v6);
  endpoint at{ip_address::any(kind), 3003};
  auto port = bound(at);
  REQUIRE(connect_to(port, loopback(kind, at.port)) == 0);
  CHECK(try_send(loopback(kind, at.port)) == ECONNREFUSED);
  CHECK(rival(at, true) == EADDRINUSE);
  CHECK(rival(loopback(kind, at.port), true) == EADDRINUSE);
}

TEST_CASE("a fresh socket of IPv6 takes the place of a disconnected one") {
  NEEDS_A_NETWORK();
  auto links = net::netlink::open();
  REQUIRE(links.has_value());
  auto elsewhere = *ip_address::parse("fd99::1");
  REQUIRE(links->add_address("lo", elsewhere, 128).has_value());
  endpoint at{ip_address::any(family::v6), 3004};
  auto home = loopback(family::v6, at.port);
  auto port = bound(at);
  // The kernel lays the route to a new address a moment later.
  for (int i = 0; i < 1000 && !readable(port, 10); ++i)
    REQUIRE(try_send({elsewhere, at.port}) == 0);
  while (readable(port, 0))
    REQUIRE(receive(port) == "question");
  REQUIRE(connect_to(port, home) == 0);
  disconnect(port);
  // The defect that is worked around: it is deaf for every other address now.
  // A kernel that hears needs no fresh socket.
  CHECK_NOFAIL(try_send({elsewhere, at.port}) == ECONNREFUSED);

  // While both are there only SO_REUSEADDR on both lets them be.
  auto fresh = make_socket(family::v6, SOCK_DGRAM);
  set(fresh, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  set(fresh, SOL_SOCKET, SO_REUSEADDR, 1);
  CHECK(bind_to(fresh, at) == EADDRINUSE);
  set(port, SOL_SOCKET, SO_REUSEADDR, 1);
  REQUIRE(bind_to(fresh, at) == 0);
  REQUIRE(::dup3(fresh.get(), port.get(), O_CLOEXEC) == port.get());
  fresh.reset();
  set(port, SOL_SOCKET, SO_REUSEADDR, 0);
  CHECK(rival(at, true) == EADDRINUSE);
  for (const auto& ip : {home.ip, elsewhere}) {
    CHECK(try_send({ip, at.port}) == 0);
    CHECK(receive(port) == "question");
  }
}
