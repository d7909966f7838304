#pragma once

/// Takes connections in, one after the other, until it is closed.

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace pier::net {

/// `Protocol` is one of Asio's. Out of descriptors it waits for 100 ms; its
/// clients wait in the backlog.
template <class Protocol>
class console_listener
  : public std::enable_shared_from_this<console_listener<Protocol>> {
public:
  using socket = typename Protocol::socket;
  using acceptor = typename Protocol::acceptor;

  console_listener(acceptor taken, std::function<void(socket)> on_client)
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
