#pragma once

/// Where clients of a door come to, and who takes them in, one after the other,
/// until it is closed.

#include "net/fd.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <memory>

namespace pier::net {

/// A TCP socket that listens there, or errno.
inline fd listen_at(const endpoint& at, int backlog) {
  auto where = to_kernel(at);
  fd made{::socket(
    where.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  constexpr int on = 1;
  if (
    !made
    || ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0
    || ::bind(made.get(), where.data(), where.size) != 0
    || ::listen(made.get(), backlog) != 0)
    return {};
  return made;
}

/// `Protocol` is one of Asio's. Out of descriptors it waits for 100 ms; its
/// clients wait in the backlog.
template <class Protocol>
class stream_listener
  : public std::enable_shared_from_this<stream_listener<Protocol>> {
public:
  using socket = typename Protocol::socket;
  using acceptor = typename Protocol::acceptor;

  stream_listener(acceptor taken, std::function<void(socket)> on_client)
    : acceptor_(std::move(taken)),
      pause_(acceptor_.get_executor()),
      on_client_(std::move(on_client)) {}

  void start() {
    acceptor_.async_accept(
      [me = this->shared_from_this()](
        const boost::system::error_code& why, socket client) {
        if (!me->acceptor_.is_open())
          return;
        if (!why)
          me->on_client_(std::move(client));
        if (!why || why == boost::asio::error::connection_aborted)
          return me->start();
        me->pause_.expires_after(std::chrono::milliseconds{100});
        me->pause_.async_wait([me](const boost::system::error_code& stopped) {
          if (!stopped && me->acceptor_.is_open())
            me->start();
        });
      });
  }

  void close() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }

private:
  acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::function<void(socket)> on_client_;
};

} // namespace pier::net
