#include "net/readiness.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <utility>

namespace pier::net {

namespace asio = boost::asio;

asio::execution_context::id readiness::id;

readiness::wait::wait(wait&& other) noexcept
  : of_(std::exchange(other.of_, nullptr)), id_(other.id_) {}

readiness::wait& readiness::wait::operator=(wait&& other) noexcept {
  std::swap(of_, other.of_);
  std::swap(id_, other.id_);
  return *this;
}

readiness::wait::~wait() {
  if (of_ != nullptr)
    of_->waiting_.erase(id_);
}

readiness& readiness::of(asio::io_context& io) {
  return asio::use_service<readiness>(io);
}

readiness::readiness(asio::execution_context& io)
  : service(io),
    epoll_(static_cast<asio::io_context&>(io), ::epoll_create1(EPOLL_CLOEXEC)) {
  arm();
}

void readiness::shutdown() {
  boost::system::error_code ignored;
  epoll_.close(ignored);
  waiting_.clear();
}

readiness::wait readiness::await(int socket, want what, sink heard) {
  epoll_event event{};
  event.events = what == want::read ? EPOLLIN : EPOLLOUT;
  event.events |= EPOLLONESHOT;
  event.data.u64 = ++last_;
  auto epoll = epoll_.native_handle();
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0 && errno == EEXIST)
    ::epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event);
  waiting_.emplace(last_, std::move(heard));
  return {this, last_};
}

void readiness::part(int socket) {
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, socket, nullptr);
}

void readiness::arm() {
  epoll_.async_wait(
    asio::posix::stream_descriptor::wait_read,
    [this](const boost::system::error_code& why) {
      if (!why)
        hear();
    });
}

/// One batch a round: the loop's others have their turn in between.
void readiness::hear() {
  std::array<epoll_event, 128> events{};
  auto count = ::epoll_wait(
    epoll_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<size_t>(i)];
    auto found = waiting_.find(event.data.u64);
    if (found == waiting_.end())
      continue; // It was forgotten meanwhile.
    auto heard = std::move(found->second);
    waiting_.erase(found);
    heard((event.events & (EPOLLERR | EPOLLHUP)) != 0);
  }
  arm();
}

} // namespace pier::net
