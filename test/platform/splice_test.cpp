/// Why the relay can carry bytes and ends by splice alone.

#include "test/platform/scenery.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

using namespace pier;
using namespace pier::platform;

namespace {

constexpr size_t large = 1 << 20;

/// Both ends of a TCP connection.
std::pair<net::fd, net::fd> connection() {
  auto listener = make_socket(family::v4, SOCK_STREAM);
  REQUIRE(bind_to(listener, loopback(family::v4, 0)) == 0);
  REQUIRE(::listen(listener.get(), 1) == 0);
  auto client = make_socket(family::v4, SOCK_STREAM);
  connect_to(client, own_address(listener));
  REQUIRE(outcome(client) == 0);
  return {std::move(client), accept_from(listener)};
}

std::pair<net::fd, net::fd> pipe() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
  return {net::fd{ends[0]}, net::fd{ends[1]}};
}

ssize_t splice(const net::fd& from, const net::fd& to, size_t most = large) {
  return ::splice(
    from.get(), nullptr, to.get(), nullptr, most,
    SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

} // namespace

TEST_CASE("a pipe of 1 MiB is an ordinary user's") {
  auto [reader, writer] = pipe();
  auto size = ::fcntl(writer.get(), F_SETPIPE_SZ, large);
  // Beyond 64 MiB of one user the kernel says EPERM, and the pipe is as it was.
  CHECK((size == large || errno == EPERM));
}

TEST_CASE("bytes go from socket to socket by way of a pipe") {
  NEEDS_A_NETWORK();
  auto [client, near] = connection();
  auto [far, server] = connection();
  auto [reader, writer] = pipe();
  ::fcntl(writer.get(), F_SETPIPE_SZ, large);
  CHECK(splice(near, writer) == -1);
  CHECK(errno == EAGAIN);
  REQUIRE(send(client, "bytes"));
  REQUIRE(readable(near));
  CHECK(splice(near, writer) == 5);
  CHECK(splice(reader, far) == 5);
  CHECK(receive(server) == "bytes");
}

TEST_CASE("the end of one way is a splice of nothing; the other way goes on") {
  NEEDS_A_NETWORK();
  auto [client, near] = connection();
  auto [reader, writer] = pipe();
  ::shutdown(client.get(), SHUT_WR);
  REQUIRE(readable(near));
  CHECK(splice(near, writer) == 0);
  REQUIRE(send(near, "answer"));
  CHECK(receive(client) == "answer");
}

TEST_CASE("RST is an error of splice, not an end") {
  NEEDS_A_NETWORK();
  auto [client, near] = connection();
  auto [reader, writer] = pipe();
  linger at_once{1, 0};
  ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  client.reset();
  REQUIRE(readable(near));
  CHECK(splice(near, writer) == -1);
  CHECK(errno == ECONNRESET);
}

TEST_CASE("SO_LINGER of nothing passes RST on") {
  NEEDS_A_NETWORK();
  auto [client, near] = connection();
  linger at_once{1, 0};
  ::setsockopt(near.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  near.reset();
  CHECK_FALSE(receive(client));
  CHECK(errno == ECONNRESET);
}
