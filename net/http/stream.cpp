#include "net/http/stream.hpp"

#include "net/stream_options.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace pier::net {

namespace {

bool is_passing(int number) {
  return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

} // namespace

http_stream::http_stream(boost::asio::io_context& io, fd socket)
  : socket_(io, socket.release()), room_(loop_room::of(io).at(0)) {}

void http_stream::fill(heard then) {
  filled_ = std::move(then);
  if (!is_waiting_)
    await_bytes();
}

void http_stream::await_bytes() {
  is_waiting_ = true;
  socket_.async_wait(
    boost::asio::posix::stream_descriptor::wait_read,
    life_.guard([this](const boost::system::error_code& why) {
      is_waiting_ = false;
      if (!filled_)
        return;
      if (!why)
        return read_some();
      std::exchange(filled_, nullptr)(false);
    }));
}

void http_stream::read_some() {
  auto got = ::recv(
    socket_.native_handle(), room_.data(), room_.size(), MSG_DONTWAIT);
  if (got < 0 && is_passing(errno))
    return await_bytes();
  if (got > 0)
    come.append(room_.data(), static_cast<size_t>(got));
  std::exchange(filled_, nullptr)(got > 0);
}

void http_stream::forget() {
  filled_ = nullptr;
  gone_ = nullptr;
}

void http_stream::send(std::string bytes, heard then) {
  going_ = std::move(bytes);
  sent_ = 0;
  gone_ = std::move(then);
  send_on();
}

void http_stream::send_on() {
  while (sent_ < going_.size()) {
    auto put = ::send(
      socket_.native_handle(), going_.data() + sent_, going_.size() - sent_,
      MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put >= 0) {
      sent_ += static_cast<size_t>(put);
      continue;
    }
    if (!is_passing(errno))
      return finish_send(false);
    return socket_.async_wait(
      boost::asio::posix::stream_descriptor::wait_write,
      life_.guard([this](const boost::system::error_code& why) {
        if (!why)
          return send_on();
        finish_send(false);
      }));
  }
  // An idle connection holds no memory.
  going_ = {};
  finish_send(true);
}

void http_stream::finish_send(bool open) {
  if (auto gone = std::exchange(gone_, nullptr))
    gone(open);
}

void http_stream::shut() {
  ::shutdown(socket_.native_handle(), SHUT_WR);
}

void http_stream::reset() {
  reset_on_close(socket_.native_handle());
}

bool http_stream::is_quiet() {
  char one = 0;
  auto got = ::recv(socket_.native_handle(), &one, 1, MSG_DONTWAIT | MSG_PEEK);
  return come.empty() && got < 0 && is_passing(errno);
}

fd http_stream::release() {
  return fd{socket_.release()};
}

} // namespace pier::net
