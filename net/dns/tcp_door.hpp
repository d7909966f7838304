#pragma once

/// A listening socket, where guests come in who ask by TCP. When descriptors or
/// memory are short it pauses instead of spinning; who knocks waits in the
/// kernel's queue.

#include "messages/address.hpp"
#include "net/fd.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>

namespace pier::net {

class tcp_door : public std::enable_shared_from_this<tcp_door> {
public:
  using taker = std::function<void(fd, const endpoint&)>;

  tcp_door(boost::asio::io_context& io, int socket, taker came);

  /// Accepts until it is destroyed; the pending wait does not keep it alive.
  void await();

private:
  void accept();

  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer pause_;
  taker came_;
};

} // namespace pier::net
