/// How one hears, without polling, that somebody listens or has ceased to.

#include "net/port/inet_diag.hpp"
#include "net/port/port_socket.hpp"
#include "test/platform/scenery.hpp"

#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/sock_diag.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

using namespace pier;
using namespace pier::platform;

namespace {

bool lists(protocol proto, const endpoint& at, bool listening) {
  auto all = net::list_bound(at.ip.kind(), proto);
  return std::any_of(all.begin(), all.end(), [&](const auto& each) {
    return each.at == at && each.listening == listening;
  });
}

net::fd listener_at(const endpoint& at) {
  auto made = make_socket(at.ip.kind(), SOCK_STREAM);
  REQUIRE(bind_to(made, at) == 0);
  REQUIRE(::listen(made.get(), 1) == 0);
  return made;
}

} // namespace

TEST_CASE("sock_diag lists listeners and unconnected UDP sockets") {
  NEEDS_A_NETWORK();
  auto at = loopback(GENERATE(family::v4, family::v6), 5001);
  {
    auto tcp = listener_at(at);
    auto udp = make_socket(at.ip.kind(), SOCK_DGRAM);
    REQUIRE(bind_to(udp, at) == 0);
    CHECK(lists(protocol::tcp, at, true));
    CHECK(lists(protocol::udp, at, false));
    REQUIRE(connect_to(udp, at) == 0);
    CHECK_FALSE(lists(protocol::udp, at, false));
    ::shutdown(tcp.get(), SHUT_RDWR);
    CHECK_FALSE(lists(protocol::tcp, at, true));
  }
  CHECK_FALSE(lists(protocol::udp, at, false));
}

TEST_CASE("SKNLGRP_*_DESTROY announces sockets that go") {
  NEEDS_A_NETWORK();
  auto kind = GENERATE(family::v4, family::v6);
  auto at = loopback(kind, 5002);
  net::fd news{::socket(
    AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG)};
  REQUIRE(news);
  // The kernel tells nothing to a socket without an address: it takes it for
  // its own.
  sockaddr_nl self{};
  self.nl_family = AF_NETLINK;
  REQUIRE(
    ::bind(news.get(), reinterpret_cast<sockaddr*>(&self), sizeof(self)) == 0);
  for (int group :
       {SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET_UDP_DESTROY,
        SKNLGRP_INET6_TCP_DESTROY, SKNLGRP_INET6_UDP_DESTROY})
    set(news, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  auto hears = [&](int type, bool listens) {
    auto socket = make_socket(kind, type);
    REQUIRE(bind_to(socket, at) == 0);
    if (listens)
      REQUIRE(::listen(socket.get(), 1) == 0);
    socket.reset();
    return receive(news).has_value();
  };
  CHECK(hears(SOCK_STREAM, true));
  CHECK(hears(SOCK_DGRAM, false));
}

TEST_CASE("a seccomp filter announces listen before it runs") {
  NEEDS_A_NETWORK();
  auto filter = seccomp_init(SCMP_ACT_ALLOW);
  REQUIRE(seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(listen), 0) == 0);
  std::array<int, 2> ends{};
  REQUIRE(
    ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
  net::fd ours{ends[0]};
  net::fd theirs{ends[1]};
  auto at = loopback(family::v4, 5003);
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // Until it has said its number, the child may only make calls that are
    // not announced.
    ours.reset();
    auto loaded = seccomp_load(filter) == 0;
    int number = loaded ? seccomp_notify_fd(filter) : -1;
    if (::write(theirs.get(), &number, sizeof(number)) < 0 || number < 0)
      ::_exit(1);
    auto socket = make_socket(family::v4, SOCK_STREAM);
    if (bind_to(socket, at) != 0 || ::listen(socket.get(), 1) != 0)
      ::_exit(2);
    char byte = 0;
    ::_exit(::read(theirs.get(), &byte, 1) == 0 ? 0 : 3);
  }
  theirs.reset();
  seccomp_release(filter);
  int number = -1;
  REQUIRE(::read(ours.get(), &number, sizeof(number)) == sizeof(number));
  if (number < 0) {
    reap(child);
    WARN("skipped: no seccomp filter may be loaded here");
    return;
  }
  auto process = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  net::fd of_child{process};
  net::fd calls{
    static_cast<int>(::syscall(SYS_pidfd_getfd, of_child.get(), number, 0))};
  REQUIRE(calls);
  REQUIRE(readable(calls));
  seccomp_notif call{};
  REQUIRE(::ioctl(calls.get(), SECCOMP_IOCTL_NOTIF_RECV, &call) == 0);
  CHECK(call.data.nr == SCMP_SYS(listen));
  CHECK_FALSE(lists(protocol::tcp, at, true));
  seccomp_notif_resp answer{};
  answer.id = call.id;
  answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  REQUIRE(::ioctl(calls.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0);
  std::optional<int> said;
  for (int i = 0; i < 10000 && said != 0; ++i)
    said = try_connect(at);
  CHECK(said == 0);
  ours.reset();
  auto status = reap(child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  // With its last process gone the descriptor says so.
  CHECK(readable(calls));
}
