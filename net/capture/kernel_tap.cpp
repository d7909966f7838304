#include "net/capture/kernel_tap.hpp"

#include "net/link/link_tap.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pier::net {

kernel_tap::kernel_tap(
  boost::asio::io_context& io, gateway& where, const lease& at,
  tap_store& ready, sink events)
  : line_(io), ready_(ready), events_(std::move(events)), link_(link_name(at)) {
  where.tap(
    at, life_.guard([this](result<fd> made) { hear_socket(std::move(made)); }));
}

kernel_tap::~kernel_tap() {
  ready_.forget(number_);
  if (packets_)
    deafen(packets_.get());
}

void kernel_tap::hear_socket(result<fd> made) {
  if (!made)
    return tell(tap_event::kind::refused, made.error());
  packets_ = std::move(*made);
  std::array<int, 2> ends{};
  fd theirs{::fcntl(packets_.get(), F_DUPFD_CLOEXEC, 3)};
  constexpr auto type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
  if (!theirs || ::socketpair(AF_UNIX, type, 0, ends.data()) != 0)
    return tell(
      tap_event::kind::refused,
      {from_errno(errno),
       std::string{"no descriptor left for a capture: "}
         + std::strerror(errno)});
  line_.assign(ends[0]);
  number_ = ready_.keep(
    {std::move(theirs), fd{ends[1]}}, {packets_.get(), ends[0]}, link_);
  await_end();
  tell(tap_event::kind::opened);
}

/// A reader says nothing; whatever comes is his end.
void kernel_tap::await_end() {
  line_.async_wait(
    boost::asio::posix::stream_descriptor::wait_read,
    life_.guard([this](const boost::system::error_code& why) {
      if (!why)
        tell(tap_event::kind::ended);
    }));
}

void kernel_tap::end(const std::string& why) {
  if (line_.is_open())
    ::send(
      line_.native_handle(), why.data(), why.size(),
      MSG_NOSIGNAL | MSG_DONTWAIT);
}

void kernel_tap::tell(tap_event::kind what, error why) {
  if (events_)
    events_({what, number_, link_, std::move(why)});
}

} // namespace pier::net
