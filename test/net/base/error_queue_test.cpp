#include "net/error_queue.hpp"
#include "net/fd.hpp"

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

using namespace pier;
using namespace pier::net;

namespace {

/// A port of this kernel's choice, which nobody has any more.
sockaddr_in closed_port() {
  fd was{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  REQUIRE(::bind(was.get(), reinterpret_cast<sockaddr*>(&at), size) == 0);
  ::getsockname(was.get(), reinterpret_cast<sockaddr*>(&at), &size);
  return at;
}

/// Has sent a datagram to nobody, and an error waits.
fd refused_socket() {
  fd made{::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  open_error_queue(made.get(), family::v4);
  auto to = closed_port();
  REQUIRE(
    ::connect(made.get(), reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0);
  REQUIRE(::send(made.get(), "x", 1, 0) == 1);
  pollfd wait{made.get(), 0, 0};
  REQUIRE(::poll(&wait, 1, 5000) == 1);
  return made;
}

} // namespace

TEST_CASE("the queue says why a peer is not there, and is empty then") {
  auto socket = refused_socket();
  CHECK(take_error(socket.get(), 0) == ec::refused);
  CHECK(take_error(socket.get(), 0) == ec::ok);
}

TEST_CASE("what the queue says goes before an errno") {
  auto socket = refused_socket();
  CHECK(take_error(socket.get(), EHOSTUNREACH) == ec::refused);
}

TEST_CASE("an errno counts where nothing is queued") {
  fd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  CHECK(take_error(socket.get(), EHOSTUNREACH) == ec::host_unreachable);
}

TEST_CASE("a datagram too long for the path is no reason to end a flow") {
  fd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  CHECK(take_error(socket.get(), EMSGSIZE) == ec::ok);
}
