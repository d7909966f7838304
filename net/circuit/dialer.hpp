#pragma once

/// Connects a socket without blocking.

#include "messages/address.hpp"
#include "messages/error.hpp"
#include "net/fd.hpp"
#include "net/readiness.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace pier::net {

/// One attempt at a time; destroyed, it closes what it has begun.
class dialer {
public:
  using taker = std::function<void(result<fd>)>;

  explicit dialer(boost::asio::io_context& io) : io_(io) {}

  /// `socket` is non-blocking. The answer is the kernel's own, and comes from
  /// inside this call where the kernel knows it at once.
  void dial(fd socket, const endpoint& to, taker done);

private:
  boost::asio::io_context& io_;
  taker done_;
  fd socket_;
  readiness::wait wait_; // ends before its socket does
};

/// An ordinary socket of the host.
result<fd> host_socket(family kind, int type);

} // namespace pier::net
