#include "net/proxy/way_dialer.hpp"

#include "net/stream_options.hpp"

#include <utility>

namespace pier::net {

namespace {

constexpr std::chrono::seconds patience{20};

} // namespace

way_dialer::way_dialer(boost::asio::io_context& io, socket_source sockets)
  : io_(io), sockets_(std::move(sockets)), dialer_(io), patience_(io) {}

void way_dialer::begin(const proxy_request& what, proxy_course by, taker done) {
  what_ = what;
  course_ = std::move(by);
  done_ = std::move(done);
  next_ = 0;
  try_next({ec::failed, "no way leads there"});
}

void way_dialer::try_next(error last) {
  if (next_ == course_.ways.size())
    return std::exchange(done_, nullptr)(std::move(last));
  auto attempt = ++next_;
  patience_.expires_after(patience);
  patience_.async_wait(
    life_.guard([this, attempt](const boost::system::error_code& why) {
      if (!why)
        hear(attempt, error{ec::timed_out, "no answer in 20 seconds"});
    }));
  dial(course_.ways[attempt - 1]);
}

void way_dialer::dial(const proxy_way& way) {
  auto attempt = next_;
  auto socket = sockets_(way.to.ip.kind(), way.to_guest);
  if (!socket)
    return hear(attempt, socket.error());
  set_stream_options(socket->get());
  dialer_.dial(std::move(*socket), way.to, [this, attempt](result<fd> how) {
    hear(attempt, std::move(how));
  });
}

void way_dialer::hear(size_t attempt, result<fd> how) {
  if (!done_ || attempt != next_)
    return;
  patience_.cancel();
  if (!how)
    return try_next(std::move(how.error()));
  way_found out;
  out.socket = std::move(*how);
  out.way = attempt - 1;
  std::exchange(done_, nullptr)(std::move(out));
}

} // namespace pier::net
