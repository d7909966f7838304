#include "net/proxy/approach.hpp"

#include "net/host_names.hpp"
#include "net/stream_options.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pier::net {

namespace {

constexpr std::chrono::seconds patience_with_one{3};

} // namespace

approach::approach(boost::asio::io_context& io, socket_source sockets)
  : io_(io), sockets_(std::move(sockets)), dialer_(io), patience_(io) {}

void approach::begin(
  const std::string& host, uint16_t port, dialer::taker done) {
  port_ = port;
  done_ = std::move(done);
  find_addresses(
    io_, host, life_.guard([this](result<std::vector<ip_address>> found) {
      if (!found)
        return std::exchange(done_, nullptr)(found.error());
      left_ = std::move(*found);
      std::reverse(left_.begin(), left_.end());
      try_next();
    }));
}

void approach::try_next() {
  endpoint to{left_.back(), port_};
  left_.pop_back();
  ++attempt_;
  auto socket = sockets_(to.ip.kind());
  if (!socket)
    return hear(socket.error());
  set_stream_options(socket->get());
  if (!left_.empty()) {
    patience_.expires_after(patience_with_one);
    patience_.async_wait(life_.guard(
      [this, attempt = attempt_](const boost::system::error_code& stopped) {
        if (!stopped && done_ && attempt == attempt_)
          try_next();
      }));
  }
  dialer_.dial(
    std::move(*socket), to, [this](result<fd> how) { hear(std::move(how)); });
}

void approach::hear(result<fd> how) {
  patience_.cancel();
  if (!how && !left_.empty())
    return try_next();
  std::exchange(done_, nullptr)(std::move(how));
}

} // namespace pier::net
