#include "net/proxy/handshake_stream.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace pier::net {

namespace {

constexpr size_t looked_at_once = 16384;

} // namespace

handshake_stream::handshake_stream(boost::asio::io_context& io, fd socket)
  : loop_(readiness::of(io)), socket_(std::move(socket)) {}

handshake_stream::~handshake_stream() {
  if (socket_)
    loop_.part(socket_.get());
}

void handshake_stream::write(std::string bytes, written then) {
  outgoing_ = std::move(bytes);
  sent_ = 0;
  written_ = std::move(then);
  write_on();
}

void handshake_stream::write_on() {
  while (sent_ < outgoing_.size()) {
    auto count = ::send(
      socket_.get(), outgoing_.data() + sent_, outgoing_.size() - sent_,
      MSG_NOSIGNAL);
    if (count >= 0) {
      sent_ += static_cast<size_t>(count);
      continue;
    }
    if (errno == EINTR)
      continue;
    if (errno != EAGAIN)
      return std::exchange(written_, nullptr)(from_errno(errno));
    wait_ = loop_.await(
      socket_.get(), readiness::want::write, [this](bool) { write_on(); });
    return;
  }
  std::exchange(written_, nullptr)(ec::ok);
}

void handshake_stream::look(seen then) {
  seen_ = std::move(then);
  wait_ = loop_.await(
    socket_.get(), readiness::want::read, [this](bool) { hear_readable(); });
}

void handshake_stream::hear_readable() {
  buffer_.resize(looked_at_once);
  auto count = ::recv(socket_.get(), buffer_.data(), buffer_.size(), MSG_PEEK);
  if (count < 0 && (errno == EAGAIN || errno == EINTR))
    return look(std::exchange(seen_, nullptr));
  if (count < 0)
    return std::exchange(seen_, nullptr)(from_errno(errno), {});
  std::exchange(seen_, nullptr)(
    ec::ok, {buffer_.data(), static_cast<size_t>(count)});
}

void handshake_stream::take(size_t count) {
  // They are there, so that it does not wait; an urgent byte cuts it short.
  while (count > 0) {
    auto taken = ::recv(socket_.get(), buffer_.data(), count, 0);
    if (taken <= 0)
      return;
    count -= static_cast<size_t>(taken);
  }
}

fd handshake_stream::release() {
  loop_.part(socket_.get());
  wait_ = {};
  return std::move(socket_);
}

} // namespace pier::net
