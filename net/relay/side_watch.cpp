#include "net/relay/side_watch.hpp"

#include "net/relay/pair.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

namespace pier::net {

namespace {

constexpr uint32_t wanted = EPOLLIN | EPOLLPRI | EPOLLRDHUP | EPOLLET;

} // namespace

side_watch::side_watch()
  : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
    wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event);
}

void side_watch::listen_to(const side& which, uint32_t further) const {
  look_at(EPOLL_CTL_ADD, which, wanted | further);
}

void side_watch::ask_for_room(side& which) const {
  if (which.writable || which.hears_of_room)
    return;
  which.hears_of_room = true;
  look_at(EPOLL_CTL_MOD, which, wanted | EPOLLOUT);
}

void side_watch::look_at(int verb, const side& which, uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = 2 * which.of->id + (&which == &which.of->host ? 1 : 0);
  ::epoll_ctl(epoll_.get(), verb, which.socket.get(), &event);
}

void side_watch::wake() const {
  uint64_t one = 1;
  [[maybe_unused]] auto written = ::write(wake_.get(), &one, sizeof(one));
}

void side_watch::hear_wake() const {
  uint64_t counter = 0;
  [[maybe_unused]] auto got = ::read(wake_.get(), &counter, sizeof(counter));
}

std::span<const epoll_event> side_watch::wait(int patience) {
  auto count = ::epoll_wait(
    epoll_.get(), events_.data(), static_cast<int>(events_.size()), patience);
  return {events_.data(), static_cast<size_t>(count > 0 ? count : 0)};
}

} // namespace pier::net
