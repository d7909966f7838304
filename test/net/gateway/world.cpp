#include "test/net/gateway/world.hpp"

#include "net/gateway/keeper_channel.hpp"
#include "net/socket_address.hpp"
#include "test/support/built.hpp"
#include "test/support/deadline.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

namespace pier::net::trials {

namespace {

/// The guests' sockets are not in the loop: we look at them this often.
constexpr auto glance = 1ms;
constexpr auto silence = 200ms;

} // namespace

std::string keeper_program() {
  return test::built("pier-keeper").string();
}

guest_network plan() {
  return plan_network({});
}

// -- the world ----------------------------------------------------------------

world::world() {
  gate.on_held = [this](const held_packet& what) { held.push_back(what); };
  gate.on_lost = [this](const error&) { ++lost; };
  auto opened = open();
  if (!opened)
    FAIL(opened.error().text);
}

result<void> world::open() {
  std::optional<result<void>> said;
  gate.open([&said](result<void> how) { said = std::move(how); });
  REQUIRE(until([&] { return said.has_value(); }));
  return *said;
}

bool world::until(
  const std::function<bool()>& done, std::chrono::milliseconds limit) {
  pier::trials::stopwatch watch;
  io.restart();
  while (!done()) {
    if (watch.elapsed() > limit)
      return false;
    io.run_one_for(glance);
    io.restart();
  }
  return true;
}

held_packet world::next_held() {
  REQUIRE(until([this] { return !held.empty(); }));
  auto out = std::move(held.front());
  held.pop_front();
  return out;
}

bool world::nothing_held() {
  return !until([this] { return !held.empty(); }, silence);
}

result<fd> world::pass(const held_packet& what) {
  std::optional<result<fd>> said;
  auto hear = [&said](result<fd> how) { said.emplace(std::move(how)); };
  if (what.what.proto == protocol::tcp)
    gate.pass_tcp(what.id, hear);
  else
    gate.pass_udp(what.id, hear);
  REQUIRE(until([&] { return said.has_value(); }));
  return std::move(*said);
}

int world::run_in(int netns, const std::function<int()>& what) {
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto user = gate.user_namespace();
    if (user >= 0 && ::setns(user, CLONE_NEWUSER) != 0)
      ::_exit(101);
    auto there = netns >= 0 ? ::setns(netns, CLONE_NEWNET)
                            : ::unshare(CLONE_NEWNET);
    ::_exit(there == 0 ? what() : 102);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

// -- guests -------------------------------------------------------------------

namespace {

/// Runs `make` in the guest, and hands over the descriptor that it returns.
fd fetch(world& where, int netns, const std::function<int()>& make) {
  std::array<int, 2> ends{};
  REQUIRE(
    ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
  fd ours{ends[0]};
  fd theirs{ends[1]};
  auto status = where.run_in(netns, [&] {
    auto made = make();
    if (made < 0)
      return errno;
    char word = 'x';
    return send_parcel(theirs.get(), &word, 1, {made}) ? 0 : 103;
  });
  INFO("the guest's child ended with " << status);
  REQUIRE(status == 0);
  char word = 0;
  std::vector<fd> fds;
  REQUIRE(receive_parcel(ours.get(), &word, 1, fds) == 1);
  REQUIRE(fds.size() == 1);
  return std::move(fds[0]);
}

} // namespace

guest::guest(world& in, uint32_t number) : where(in) {
  auto net = plan();
  at = {number, net.subnet.plus(number), net.subnet6.plus(number), number};
  netns = fetch(where, -1, [] {
    return ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  });
}

result<void> guest::plug() {
  std::optional<result<guest_view>> said;
  where.gate.plug(at, netns.get(), [&said](result<guest_view> how) {
    said.emplace(std::move(how));
  });
  REQUIRE(where.until([&] { return said.has_value(); }));
  if (!*said)
    return said->error();
  view = std::move(**said);
  return {};
}

result<void> guest::unplug() {
  std::optional<result<void>> said;
  where.gate.unplug(at, [&said](result<void> how) { said = std::move(how); });
  REQUIRE(where.until([&] { return said.has_value(); }));
  return *said;
}

fd guest::socket(family kind, int type, int protocol) {
  return fetch(where, netns.get(), [=] {
    return ::socket(
      domain_of(kind), type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  });
}

fd guest::connect(const endpoint& to, int type, int protocol) {
  auto made = socket(to.ip.kind(), type, protocol);
  auto address = to_kernel(to);
  auto status = ::connect(made.get(), address.data(), address.size);
  REQUIRE((status == 0 || errno == EINPROGRESS));
  return made;
}

fd guest::listen(const endpoint& on) {
  auto made = socket(on.ip.kind(), SOCK_STREAM);
  auto address = to_kernel(on);
  REQUIRE(::bind(made.get(), address.data(), address.size) == 0);
  REQUIRE(::listen(made.get(), 128) == 0);
  return made;
}

// -- sockets ------------------------------------------------------------------

std::optional<int> outcome(const fd& socket) {
  pollfd look{socket.get(), POLLOUT, 0};
  if (::poll(&look, 1, 0) != 1)
    return std::nullopt;
  int why = 0;
  socklen_t size = sizeof(why);
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &why, &size);
  return why;
}

std::optional<std::string> receive(const fd& socket) {
  std::string out(1 << 17, '\0');
  auto got = ::recv(socket.get(), out.data(), out.size(), MSG_DONTWAIT);
  if (got < 0)
    return std::nullopt;
  out.resize(static_cast<size_t>(got));
  return out;
}

bool is_reset(const fd& socket) {
  char byte = 0;
  return ::recv(socket.get(), &byte, 1, MSG_DONTWAIT) < 0
    && errno == ECONNRESET;
}

bool send(const fd& socket, const std::string& text) {
  return ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL)
    == static_cast<ssize_t>(text.size());
}

endpoint local(const fd& socket) {
  socket_address at;
  ::getsockname(socket.get(), at.data(), &at.size);
  return from_kernel(at);
}

endpoint remote(const fd& socket) {
  socket_address at;
  ::getpeername(socket.get(), at.data(), &at.size);
  return from_kernel(at);
}

endpoint somewhere(family kind, uint16_t port) {
  return {
    *ip_address::parse(kind == family::v4 ? "203.0.113.7" : "2001:db8::7"),
    port};
}

} // namespace pier::net::trials
