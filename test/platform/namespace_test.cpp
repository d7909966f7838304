/// What the keeper and the gateway stand on: sockets and their namespaces.

#include "net/gateway/keeper_channel.hpp"
#include "test/platform/scenery.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>

using namespace pier;
using namespace pier::platform;

namespace {

std::pair<net::fd, net::fd> channel() {
  std::array<int, 2> ends{};
  REQUIRE(
    ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
  return {net::fd{ends[0]}, net::fd{ends[1]}};
}

} // namespace

TEST_CASE("a socket belongs for ever to the namespace that it was made in") {
  NEEDS_A_NETWORK();
  auto at = loopback(family::v4, 4001);
  auto [ours, theirs] = channel();
  auto said = in_a_child([&, &there = theirs] {
    if (::unshare(CLONE_NEWNET) != 0)
      return errno;
    // In the new namespace lo is down: nothing can be reached.
    net::fd made{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
    char word = 'x';
    return net::send_parcel(there.get(), &word, 1, {made.get()}) ? 0 : 1;
  });
  REQUIRE(said == 0);
  char word = 0;
  std::vector<net::fd> fds;
  REQUIRE(net::receive_parcel(ours.get(), &word, 1, fds) == 1);
  REQUIRE(fds.size() == 1);
  auto listener = make_socket(family::v4, SOCK_STREAM);
  REQUIRE(bind_to(listener, at) == 0);
  REQUIRE(::listen(listener.get(), 1) == 0);
  CHECK(try_connect(at) == 0);
  CHECK(connect_to(fds[0], at) == ENETUNREACH);
  // The number is nobody's there.
  CHECK(bind_to(fds[0], {ip_address::any(family::v4), at.port}) == 0);
}

TEST_CASE("a descriptor keeps a namespace that every process has left") {
  NEEDS_A_NETWORK();
  auto [ours, theirs] = channel();
  auto said = in_a_child([&, &there = theirs] {
    if (::unshare(CLONE_NEWNET) != 0)
      return errno;
    net::fd made{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)};
    char word = 'x';
    return net::send_parcel(there.get(), &word, 1, {made.get()}) ? 0 : 1;
  });
  REQUIRE(said == 0);
  char word = 0;
  std::vector<net::fd> fds;
  REQUIRE(net::receive_parcel(ours.get(), &word, 1, fds) == 1);
  REQUIRE(fds.size() == 1);
  CHECK(
    in_a_child(
      [&] { return ::setns(fds[0].get(), CLONE_NEWNET) == 0 ? 0 : errno; })
    == 0);
}

TEST_CASE("a SEQPACKET socket ends when its peer is killed") {
  auto [ours, theirs] = channel();
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ours.reset();
    for (;;)
      ::pause();
  }
  theirs.reset();
  CHECK_FALSE(readable(ours, 0));
  REQUIRE(::kill(child, SIGKILL) == 0);
  CHECK(readable(ours));
  char byte = 0;
  CHECK(::recv(ours.get(), &byte, 1, 0) == 0);
  reap(child);
}

TEST_CASE("a user namespace's owner binds to addresses that are not his") {
  NEEDS_A_NETWORK();
  auto kind = GENERATE(family::v4, family::v6);
  auto type = GENERATE(SOCK_STREAM, SOCK_DGRAM);
  endpoint foreign{
    *ip_address::parse(kind == family::v4 ? "203.0.113.7" : "2001:db8::7"), 80};
  auto plain = make_socket(kind, type);
  CHECK(bind_to(plain, foreign) == EADDRNOTAVAIL);
  auto transparent = make_socket(kind, type);
  if (kind == family::v4)
    set(transparent, IPPROTO_IP, IP_TRANSPARENT, 1);
  else
    set(transparent, IPPROTO_IPV6, IPV6_TRANSPARENT, 1);
  CHECK(bind_to(transparent, foreign) == 0);
}

TEST_CASE("ping sockets are for groups that a sysctl lets in") {
  NEEDS_A_NETWORK();
  auto ping = [](int domain, int protocol) {
    return net::fd{::socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, protocol)};
  };
  // A fresh namespace lets nobody in, root neither.
  CHECK_FALSE(ping(AF_INET, IPPROTO_ICMP));
  CHECK(errno == EACCES);
  // A child's network, since what is written stays.
  auto said = in_a_child([&] {
    if (::unshare(CLONE_NEWNET) != 0)
      return errno;
    if (!(std::ofstream{"/proc/sys/net/ipv4/ping_group_range"} << "0 0")
           .flush())
      return 101;
    return ping(AF_INET, IPPROTO_ICMP) && ping(AF_INET6, IPPROTO_ICMPV6) ? 0
                                                                         : 102;
  });
  CHECK(said == 0);
}

TEST_CASE("a new namespace's bridges do not consult iptables once told so") {
  NEEDS_A_NETWORK();
  auto said = in_a_child([&] {
    if (::unshare(CLONE_NEWNET) != 0)
      return errno;
    for (const auto* each : {"iptables", "ip6tables", "arptables"}) {
      auto path = std::string{"/proc/sys/net/bridge/bridge-nf-call-"} + each;
      if (::access(path.c_str(), F_OK) != 0)
        continue; // Without br_netfilter bridges consult nobody.
      if (!(std::ofstream{path} << "0").flush())
        return 101;
      std::string now;
      std::ifstream{path} >> now;
      if (now != "0")
        return 102;
    }
    return 0;
  });
  CHECK(said == 0);
}
