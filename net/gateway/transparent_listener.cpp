#include "net/gateway/transparent_listener.hpp"

#include "net/socket_address.hpp"
#include "net/stream_options.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

namespace pier::net {

namespace {

/// From the verdict to the accepted connection: a guest that lives answers at
/// once.
constexpr std::chrono::seconds accept_deadline{3};
constexpr std::chrono::milliseconds exhausted_pause{100};
/// Kept when nobody is expected, so that a steady trickle dups nothing.
constexpr size_t standing_reserve = 16;

} // namespace

transparent_listener::transparent_listener(
  boost::asio::io_context& io, fd v4, fd v6, call_sink called)
  : listener4_(io, v4.release()),
    listener6_(io, v6.release()),
    called_(std::move(called)),
    deadline_(io),
    pause4_(io),
    pause6_(io) {
  for (auto* each : {&listener4_, &listener6_}) {
    set_stream_options(each->native_handle());
    await_connections(*each);
  }
}

bool transparent_listener::reserve() {
  while (reserve_.size() > expected_.size() + standing_reserve)
    reserve_.pop_back();
  while (reserve_.size() <= expected_.size()) {
    fd made{::fcntl(listener4_.native_handle(), F_DUPFD_CLOEXEC, 0)};
    if (!made)
      return false;
    reserve_.push_back(std::move(made));
  }
  return true;
}

void transparent_listener::account(ledger& to) {
  to.claim_open(listener4_, "gateway");
  to.claim_open(listener6_, "gateway");
  for (const auto& each : reserve_)
    to.claim(each, "gateway: kept for a connection that comes");
}

bool transparent_listener::spend_reserve() {
  if (reserve_.empty())
    return false;
  reserve_.pop_back();
  return true;
}

void transparent_listener::expect(const flow& what, taker done) {
  if (auto old = by_flow_.find(what); old != by_flow_.end()) {
    expected_.erase(old->second);
    by_flow_.erase(old);
  }
  auto until = decltype(deadline_)::clock_type::now() + accept_deadline;
  expected_.push_back({what, std::move(done), until});
  by_flow_[what] = std::prev(expected_.end());
  arm_deadline();
}

void transparent_listener::await_connections(descriptor& listener) {
  listener.async_wait(
    descriptor::wait_read,
    life_.guard([this, &listener](const boost::system::error_code& why) {
      if (!why)
        accept_some(listener);
    }));
}

/// False: errno says why.
bool transparent_listener::accept_one(descriptor& listener) {
  socket_address peer;
  fd made{::accept4(
    listener.native_handle(), peer.data(), &peer.size,
    SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (!made)
    return false;
  socket_address own;
  ::getsockname(made.get(), own.data(), &own.size);
  hand_over(
    std::move(made),
    {direction::outbound, protocol::tcp, from_kernel(peer), from_kernel(own)});
  return true;
}

/// Whatever this leaves behind, the wait for connections brings.
void transparent_listener::look(family kind) {
  auto& listener = kind == family::v4 ? listener4_ : listener6_;
  for (int i = 0; i < told_a_look && !expected_.empty(); ++i)
    if (!accept_one(listener))
      return;
}

void transparent_listener::accept_some(descriptor& listener) {
  for (int i = 0; i < told_a_look; ++i) {
    if (accept_one(listener))
      continue;
    if (from_errno(errno) != ec::exhausted)
      break;
    if (spend_reserve())
      continue;
    // The connection stays in the backlog until descriptors are free again.
    auto& pause = &listener == &listener4_ ? pause4_ : pause6_;
    pause.expires_after(exhausted_pause);
    pause.async_wait(
      life_.guard([this, &listener](const boost::system::error_code& why) {
        if (!why)
          accept_some(listener);
      }));
    return;
  }
  await_connections(listener);
}

void transparent_listener::hand_over(fd made, const flow& what) {
  auto found = by_flow_.find(what);
  if (found == by_flow_.end()) {
    // What is kept for those whom we have let through is not for him.
    if (reserve())
      return called_(std::move(made), what);
    reset_on_close(made.get());
    return;
  }
  auto done = std::move(found->second->done);
  expected_.erase(found->second);
  by_flow_.erase(found);
  done(std::move(made));
}

void transparent_listener::arm_deadline() {
  if (armed_ || expected_.empty())
    return;
  armed_ = true;
  deadline_.expires_at(expected_.front().until);
  deadline_.async_wait(
    life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      armed_ = false;
      auto now = decltype(deadline_)::clock_type::now();
      while (!expected_.empty() && expected_.front().until <= now) {
        auto late = std::move(expected_.front());
        by_flow_.erase(late.what);
        expected_.pop_front();
        late.done(
          error{ec::timed_out, to_string(late.what) + ": the guest gave up"});
      }
      arm_deadline();
    }));
}

} // namespace pier::net
