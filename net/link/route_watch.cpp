#include "net/link/route_watch.hpp"

#include "net/fd.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace pier::net {

namespace {

/// A VPN that comes up sets many routes, one after the other.
constexpr std::chrono::milliseconds settling{200};

} // namespace

route_watch::route_watch(
  boost::asio::io_context& io, std::function<bool(const host_route&)> is_meant,
  std::function<void()> came)
  : settling_(io), is_meant_(std::move(is_meant)), came_(std::move(came)) {
  fd news{::socket(
    AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE)};
  sockaddr_nl self{};
  self.nl_family = AF_NETLINK;
  self.nl_groups = RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (
    !news
    || ::bind(news.get(), reinterpret_cast<sockaddr*>(&self), sizeof(self))
      != 0)
    return;
  news_.emplace(io, news.release());
  await();
}

void route_watch::await() {
  news_->async_wait(
    boost::asio::posix::stream_descriptor::wait_read,
    life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      if (hear())
        settle();
      await();
    }));
}

/// Whether one came that is meant, or might have.
bool route_watch::hear() {
  alignas(nlmsghdr) std::array<char, size_t{32} * 1024> bytes;
  auto meant = false;
  for (;;) {
    auto got = ::recv(
      news_->native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0 && errno == ENOBUFS) {
      meant = true;
      continue;
    }
    if (got <= 0)
      return meant;
    for (const auto& each : routes_in({bytes.data(), static_cast<size_t>(got)}))
      meant = meant || is_meant_(each);
  }
}

void route_watch::settle() {
  if (std::exchange(settles_, true))
    return;
  settling_.expires_after(settling);
  settling_.async_wait(
    life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      settles_ = false;
      came_();
    }));
}

} // namespace pier::net
