#include "net/port/listening_watch.hpp"

#include "net/port/inet_diag.hpp"

#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace pier::net {

namespace {

/// After an announcement the sockets are looked at after these pauses: the
/// call has usually run within the first.
constexpr std::array<std::chrono::microseconds, 5> pauses{
  std::chrono::microseconds{200}, std::chrono::microseconds{1000},
  std::chrono::microseconds{5000}, std::chrono::microseconds{25000},
  std::chrono::microseconds{100000}};

constexpr std::array<int, 4> news_of_deaths{
  SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET_UDP_DESTROY, SKNLGRP_INET6_TCP_DESTROY,
  SKNLGRP_INET6_UDP_DESTROY};

/// Looks take one part in so many of the loop's time: a guest may have
/// thousands of sockets, and bind one after the other, and the loop is
/// everybody's.
constexpr int share = 10;
/// So much of that time is saved up where nobody looks: a guest that binds now
/// and then is looked at at once.
constexpr std::chrono::milliseconds most_saved{500};

constexpr std::chrono::seconds unannounced_pause{1};
constexpr size_t buffer_size = size_t{32} * 1024;
constexpr int dump_deadline_ms = 50;

} // namespace

listening_watch::listening_watch(
  boost::asio::io_context& io, guest_view view, const lease& at, sink changed)
  : io_(io),
    diag_(std::move(view.diag)),
    at_(at),
    changed_(std::move(changed)),
    later_(io),
    each_second_(io),
    buffer_(buffer_size) {
  if (view.destroy) {
    deaths_.emplace(io, view.destroy.release());
    await_deaths();
  }
}

void listening_watch::follow(fd notify) {
  if (notify) {
    calls_.emplace(io_, notify.release());
    await_calls();
  }
  look();
  look_each_second();
}

void listening_watch::set_waiting(bool waiting) {
  if (waiting_ == waiting)
    return;
  waiting_ = waiting;
  look_each_second();
}

void listening_watch::set_needed(bool needed) {
  if (needed_ == needed)
    return;
  needed_ = needed;
  if (!deaths_)
    return;
  for (int group : news_of_deaths)
    ::setsockopt(
      deaths_->native_handle(), SOL_NETLINK,
      needed ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP, &group,
      sizeof(group));
  if (needed && told_)
    look_soon();
}

// -- what announces -----------------------------------------------------------

void listening_watch::await_calls() {
  calls_->async_wait(
    descriptor::wait_read,
    life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      // With its last filtered process gone the descriptor only says so.
      pollfd state{calls_->native_handle(), POLLIN, 0};
      ::poll(&state, 1, 0);
      if ((state.revents & POLLIN) != 0)
        answer_call();
      else if ((state.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
        return;
      await_calls();
    }));
}

void listening_watch::answer_call() {
  seccomp_notif call{};
  if (::ioctl(calls_->native_handle(), SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
    return;
  seccomp_notif_resp answer{};
  answer.id = call.id;
  answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  ::ioctl(calls_->native_handle(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
  looks_left_ = pauses.size();
  look_again();
}

void listening_watch::await_deaths() {
  deaths_->async_wait(
    descriptor::wait_read,
    life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      while (::recv(
               deaths_->native_handle(), buffer_.data(), buffer_.size(),
               MSG_DONTWAIT)
             > 0) {}
      // Overrun or not, something has gone.
      look_soon();
      await_deaths();
    }));
}

void listening_watch::look_soon() {
  looks_left_ = std::max<size_t>(looks_left_, 1);
  look_again();
}

void listening_watch::look_again() {
  if (looks_left_ == 0)
    return;
  auto pause = pauses[pauses.size() - looks_left_];
  if (looks_left_ == 1)
    pause = pauses[0];
  later_.expires_at(std::max(clock::now() + pause, paid_ - most_saved));
  later_.async_wait(life_.guard([this](const boost::system::error_code& why) {
    // A wait that was over when a newer one began is called back, too.
    if (why || looks_left_ == 0)
      return;
    --looks_left_;
    look();
    look_again();
  }));
}

void listening_watch::look_each_second() {
  each_second_.cancel();
  if (calls_ || !waiting_)
    return;
  each_second_.expires_after(unannounced_pause);
  each_second_.async_wait(
    life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      look();
      look_each_second();
    }));
}

// -- the look -----------------------------------------------------------------

void listening_watch::look() {
  auto begun = clock::now();
  auto found = services();
  paid_ = std::max(paid_, begun) + share * (clock::now() - begun);
  if (told_ && found == last_)
    return;
  told_ = true;
  last_ = std::move(found);
  changed_(last_);
}

std::vector<service> listening_watch::services() {
  std::vector<service> found;
  for (auto kind : {family::v4, family::v6})
    for (auto proto : {protocol::tcp, protocol::udp}) {
      if (!request_dump(diag_.get(), kind, proto))
        continue;
      for (auto done = false; !done;) {
        // The kernel answers within the request; the deadline is for one that
        // does not.
        pollfd state{diag_.get(), POLLIN, 0};
        if (::poll(&state, 1, dump_deadline_ms) <= 0)
          break;
        auto got = ::recv(
          diag_.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (got <= 0)
          break;
        done = read_dump(
          {buffer_.data(), static_cast<size_t>(got)},
          [&](const bound_socket& each) {
            auto serves = proto == protocol::udp || each.listening;
            if (serves && !each.at.ip.is_loopback())
              found.push_back({proto, each.at});
          });
      }
    }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void listening_watch::account(ledger& to, const std::string& owner) {
  to.claim(diag_, owner + ": sees its sockets");
  for (auto* each : {&deaths_, &calls_})
    if (*each)
      to.claim_open(**each, owner + ": hears of its sockets");
}

} // namespace pier::net
