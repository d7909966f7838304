/// Why net/port/port_socket can park a TCP port.

#include "test/platform/scenery.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

using namespace pier;
using namespace pier::platform;

namespace {

/// Bound as port_socket binds, listening or not.
net::fd parked(const endpoint& at) {
  auto made = make_socket(at.ip.kind(), SOCK_STREAM);
  set(made, SOL_SOCKET, SO_REUSEADDR, 1);
  REQUIRE(bind_to(made, at) == 0);
  set(made, SOL_SOCKET, SO_REUSEADDR, 0);
  return made;
}

int rival(const endpoint& at, bool reuse) {
  auto made = make_socket(at.ip.kind(), SOCK_STREAM);
  if (reuse)
    set(made, SOL_SOCKET, SO_REUSEADDR, 1);
  return bind_to(made, at);
}

net::fd connected(const endpoint& to) {
  auto made = make_socket(to.ip.kind(), SOCK_STREAM);
  connect_to(made, to);
  REQUIRE(outcome(made) == 0);
  return made;
}

/// Leaves the port's side of a connection in TIME_WAIT.
void leave_time_wait(const net::fd& listener, const endpoint& at) {
  auto client = connected(at);
  auto server = accept_from(listener);
  ::shutdown(server.get(), SHUT_WR);
  REQUIRE(receive(client) == "");
  client.reset();
  REQUIRE(receive(server) == "");
}

} // namespace

TEST_CASE("a TCP port that is bound only is refused, and no rival gets it") {
  NEEDS_A_NETWORK();
  auto at = loopback(GENERATE(family::v4, family::v6), 2001);
  auto port = parked(at);
  CHECK(try_connect(at) == ECONNREFUSED);
  CHECK(rival(at, false) == EADDRINUSE);
  CHECK(rival(at, true) == EADDRINUSE);
  CHECK(rival({ip_address::any(at.ip.kind()), at.port}, true) == EADDRINUSE);
}

TEST_CASE("SO_REUSEADDR binds over TIME_WAIT, and can be taken off after") {
  NEEDS_A_NETWORK();
  auto kind = GENERATE(family::v4, family::v6);
  auto at = loopback(kind, kind == family::v4 ? 2002 : 2012);
  {
    auto port = parked(at);
    set(port, SOL_SOCKET, SO_REUSEADDR, 1);
    REQUIRE(::listen(port.get(), 8) == 0);
    leave_time_wait(port, at);
  }
  CHECK(rival(at, false) == EADDRINUSE);
  auto port = parked(at);
  CHECK(rival(at, true) == EADDRINUSE);
}

TEST_CASE("TIME_WAIT of a listener without SO_REUSEADDR bars everybody") {
  NEEDS_A_NETWORK();
  auto at = loopback(family::v4, 2007);
  {
    auto port = parked(at);
    REQUIRE(::listen(port.get(), 8) == 0);
    leave_time_wait(port, at);
  }
  CHECK(rival(at, true) == EADDRINUSE);
}

TEST_CASE("a listener over TIME_WAIT needs SO_REUSEADDR again") {
  NEEDS_A_NETWORK();
  auto at = loopback(family::v4, 2003);
  auto port = parked(at);
  set(port, SOL_SOCKET, SO_REUSEADDR, 1);
  REQUIRE(::listen(port.get(), 8) == 0);
  leave_time_wait(port, at);
  REQUIRE(::shutdown(port.get(), SHUT_RDWR) == 0);
  set(port, SOL_SOCKET, SO_REUSEADDR, 1);
  CHECK(::listen(port.get(), 8) == 0);
  CHECK(rival(at, true) == EADDRINUSE);
}

TEST_CASE("shutdown parks a listener, as often as one likes") {
  NEEDS_A_NETWORK();
  auto at = loopback(GENERATE(family::v4, family::v6), 2004);
  auto port = parked(at);
  for (int round = 0; round < 3; ++round) {
    set(port, SOL_SOCKET, SO_REUSEADDR, 1);
    REQUIRE(::listen(port.get(), 8) == 0);
    CHECK(try_connect(at) == 0);
    REQUIRE(::shutdown(port.get(), SHUT_RDWR) == 0);
    set(port, SOL_SOCKET, SO_REUSEADDR, 0);
    CHECK(own_address(port) == at);
    CHECK(try_connect(at) == ECONNREFUSED);
    CHECK(rival(at, true) == EADDRINUSE);
  }
}

TEST_CASE("parking resets who waits and leaves alone who was accepted") {
  NEEDS_A_NETWORK();
  auto at = loopback(GENERATE(family::v4, family::v6), 2005);
  auto port = parked(at);
  REQUIRE(::listen(port.get(), 8) == 0);
  auto accepted = connected(at);
  auto server = accept_from(port);
  auto waiting = connected(at);
  REQUIRE(::shutdown(port.get(), SHUT_RDWR) == 0);
  REQUIRE(send(accepted, "still here"));
  CHECK(receive(server) == "still here");
  CHECK_FALSE(receive(waiting));
  CHECK(errno == ECONNRESET);
}

TEST_CASE("a number that the kernel chose is lost on shutdown") {
  NEEDS_A_NETWORK();
  auto port = parked(loopback(family::v4, 0));
  auto at = own_address(port);
  REQUIRE(::listen(port.get(), 8) == 0);
  CHECK(rival(at, true) == EADDRINUSE);
  REQUIRE(::shutdown(port.get(), SHUT_RDWR) == 0);
  // Though getsockname(2) names it still.
  CHECK(rival(at, false) == 0);
}

TEST_CASE("without descriptors a client waits in the backlog") {
  NEEDS_A_NETWORK();
  auto at = loopback(family::v4, 2006);
  auto port = parked(at);
  REQUIRE(::listen(port.get(), 8) == 0);
  auto client = connected(at);
  REQUIRE(send(client, "patience"));
  REQUIRE(readable(port));
  rlimit was{};
  ::getrlimit(RLIMIT_NOFILE, &was);
  rlimit none{0, was.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  auto made = ::accept(port.get(), nullptr, nullptr);
  auto why = errno;
  ::setrlimit(RLIMIT_NOFILE, &was);
  CHECK(made == -1);
  CHECK(why == EMFILE);
  CHECK(readable(port, 0));
  auto server = accept_from(port);
  CHECK(receive(server) == "patience");
}
