#include "net/dns/tcp_desk.hpp"

#include "net/stream_options.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace pier::net {

namespace {

using descriptor = boost::asio::posix::stream_descriptor;

constexpr std::chrono::seconds connection_idle{10};
/// Answers that a guest leaves unread: a few of the largest.
constexpr size_t most_unsent = size_t{512} * 1024;

} // namespace

tcp_desk::tcp_desk(
  boost::asio::io_context& io, fd socket, const endpoint& guest,
  dns_hearer heard, std::function<void()> gone)
  : socket_(io, socket.release()),
    silence_(io),
    guest_(guest),
    heard_(std::move(heard)),
    gone_(std::move(gone)) {}

tcp_desk::~tcp_desk() {
  gone_();
}

void tcp_desk::await() {
  silence_.expires_after(connection_idle);
  silence_.async_wait(
    [me = weak_from_this()](const boost::system::error_code& why) {
      if (auto self = me.lock(); self && !why)
        self->socket_.cancel();
    });
  socket_.async_wait(
    descriptor::wait_read,
    [me = shared_from_this()](const boost::system::error_code& why) {
      if (!why && me->read())
        me->await();
    });
}

void tcp_desk::hang_up() {
  reset_on_close(socket_.native_handle());
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void tcp_desk::reply(dns_bytes bytes, dns_view) {
  if (unsent_.size() > most_unsent) {
    ::shutdown(socket_.native_handle(), SHUT_RDWR);
    unsent_.clear();
    return;
  }
  dns_bytes out{
    static_cast<uint8_t>(bytes.size() >> 8),
    static_cast<uint8_t>(bytes.size() & 0xff)};
  out.insert(out.end(), bytes.begin(), bytes.end());
  unsent_.insert(unsent_.end(), out.begin(), out.end());
  flush();
}

bool tcp_desk::read() {
  std::array<uint8_t, 4096> buffer{};
  auto got = ::recv(
    socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0)
    return errno == EAGAIN;
  if (got == 0)
    return false;
  stream_.insert(stream_.end(), buffer.data(), buffer.data() + got);
  size_t at = 0;
  while (stream_.size() - at >= 2) {
    size_t length = static_cast<size_t>(stream_[at]) << 8 | stream_[at + 1];
    if (stream_.size() - at < 2 + length)
      break;
    heard_(
      dns_view{stream_}.subspan(at + 2, length), guest_, shared_from_this());
    at += 2 + length;
  }
  stream_.erase(
    stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

void tcp_desk::flush() {
  while (!unsent_.empty()) {
    auto sent = ::send(
      socket_.native_handle(), unsent_.data(), unsent_.size(),
      MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EAGAIN && !flushing_) {
        flushing_ = true;
        socket_.async_wait(
          descriptor::wait_write,
          [me = shared_from_this()](const boost::system::error_code& why) {
            me->flushing_ = false;
            if (!why)
              me->flush();
          });
      }
      return;
    }
    unsent_.erase(unsent_.begin(), unsent_.begin() + sent);
  }
}

} // namespace pier::net
