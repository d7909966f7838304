#include "net/circuit/dialer.hpp"

#include "net/datagram_options.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

error dial_error(const socket_address& to, int number) {
  auto code = number == ENOENT ? ec::refused
    : number == EAGAIN         ? ec::exhausted
                               : from_errno(number);
  auto name = to.storage.ss_family == AF_UNIX ? path_of(to)
                                              : to_string(from_kernel(to));
  return {code, "connect " + name + ": " + std::strerror(number)};
}

result<fd> make_socket(int domain, int type) {
  fd made{::socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!made)
    return error{
      from_errno(errno),
      std::string{"make a socket of the host: "} + std::strerror(errno)};
  if (type == SOCK_DGRAM)
    set_datagram_options(made.get());
  return made;
}

} // namespace

void dialer::dial(fd socket, const endpoint& to, taker done) {
  begin(std::move(socket), to_kernel(to), std::move(done));
}

void dialer::dial(fd socket, const std::string& path, taker done) {
  begin(std::move(socket), to_kernel(path), std::move(done));
}

void dialer::begin(fd socket, const socket_address& to, taker done) {
  wait_ = {};
  socket_ = std::move(socket);
  done_ = std::move(done);
  auto ask = [&] {
    return ::connect(socket_.get(), to.data(), to.size) == 0 ? 0 : errno;
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
  return make_socket(domain_of(kind), type);
}

result<fd> unix_socket() {
  return make_socket(AF_UNIX, SOCK_STREAM);
}

} // namespace pier::net
