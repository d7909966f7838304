#include "net/circuit/dialer.hpp"

#include "net/socket_address.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

error dial_error(const endpoint& to, int number) {
  return {
    from_errno(number),
    "connect " + to_string(to) + ": " + std::strerror(number)};
}

} // namespace

void dialer::dial(fd socket, const endpoint& to, taker done) {
  wait_ = {};
  socket_ = std::move(socket);
  done_ = std::move(done);
  auto address = to_kernel(to);
  auto ask = [&] {
    return ::connect(socket_.get(), address.data(), address.size) == 0 ? 0
                                                                       : errno;
  };
  auto how = ask();
  // A peer on this machine has answered by the time that the call returns.
  if (how == EINPROGRESS)
    how = ask();
  if (how == 0)
    return std::exchange(done_, nullptr)(std::move(socket_));
  if (how != EALREADY)
    return std::exchange(done_, nullptr)(dial_error(to, how));
  auto& loop = readiness::of(io_);
  wait_ = loop.await(
    socket_.get(), readiness::want::write, [this, &loop, to](bool failed) {
      int number = 0;
      socklen_t size = sizeof(number);
      if (failed)
        ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &number, &size);
      loop.part(socket_.get());
      auto connected = std::move(socket_);
      auto done_now = std::exchange(done_, nullptr);
      if (number == 0)
        done_now(std::move(connected));
      else
        done_now(dial_error(to, number));
    });
}

result<fd> host_socket(family kind, int type) {
  fd made{::socket(domain_of(kind), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!made)
    return error{
      from_errno(errno),
      std::string{"make a socket of the host: "} + std::strerror(errno)};
  return made;
}

} // namespace pier::net
