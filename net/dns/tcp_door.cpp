#include "net/dns/tcp_door.hpp"

#include "messages/error.hpp"
#include "net/socket_address.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace pier::net {

namespace {

constexpr std::chrono::milliseconds exhausted_pause{100};

} // namespace

tcp_door::tcp_door(boost::asio::io_context& io, int socket, taker came)
  : socket_(io, socket), pause_(io), came_(std::move(came)) {}

void tcp_door::await() {
  socket_.async_wait(
    boost::asio::posix::stream_descriptor::wait_read,
    [me = weak_from_this()](const boost::system::error_code& why) {
      if (auto self = me.lock(); self && !why)
        self->accept();
    });
}

void tcp_door::accept() {
  socket_address from;
  fd made{::accept4(
    socket_.native_handle(), from.data(), &from.size,
    SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (made)
    came_(std::move(made), from_kernel(from));
  else if (from_errno(errno) == ec::exhausted) {
    pause_.expires_after(exhausted_pause);
    pause_.async_wait(
      [me = weak_from_this()](const boost::system::error_code& why) {
        if (auto self = me.lock(); self && !why)
          self->await();
      });
    return;
  }
  await();
}

} // namespace pier::net
