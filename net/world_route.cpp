#include "net/world_route.hpp"

#include "net/socket_address.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace pier::net {

namespace {

/// Any global unicast address (RFC 4291, 2.5.4). To connect a datagram socket
/// sends nothing; it asks the routing table.
bool can_reach_world() {
  static const endpoint somewhere{*ip_address::parse("2000::1"), 53};
  fd socket{::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  auto to = to_kernel(somewhere);
  return socket && ::connect(socket.get(), to.data(), to.size) == 0;
}

} // namespace

world_route::world_route()
  : news_(::socket(
    AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE)) {
  sockaddr_nl self{};
  self.nl_family = AF_NETLINK;
  self.nl_groups = RTMGRP_IPV6_ROUTE | RTMGRP_IPV6_IFADDR | RTMGRP_LINK;
  if (
    news_
    && ::bind(news_.get(), reinterpret_cast<sockaddr*>(&self), sizeof(self))
      != 0)
    news_.reset();
}

bool world_route::has_news() {
  if (!news_)
    return true;
  std::array<char, 4096> message;
  auto some = false;
  for (;;) {
    auto got = ::recv(
      news_.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_TRUNC);
    // ENOBUFS: some were lost, and that is news, too.
    if (got < 0 && errno == EAGAIN)
      return some;
    if (got < 0 && errno != ENOBUFS && errno != EINTR)
      return true;
    some = true;
  }
}

bool world_route::is_there() {
  if (!has_news() && known_)
    return there_;
  known_ = true;
  there_ = can_reach_world();
  return there_;
}

} // namespace pier::net
