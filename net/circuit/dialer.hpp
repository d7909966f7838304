#pragma once

/// Connects a socket without blocking.

#include "messages/address.hpp"
#include "messages/error.hpp"
#include "net/fd.hpp"
#include "net/readiness.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace pier::net {

/// One attempt at a time; destroyed, it closes what it has begun.
class dialer {
public:
  using taker = std::function<void(result<fd>)>;

  explicit dialer(boost::asio::io_context& io) : io_(io) {}

  /// `socket` is non-blocking. The answer is the kernel's own, and comes from
  /// inside this call where the kernel knows it at once.
  void dial(fd socket, const endpoint& to, taker done);

  /// The same for a Unix stream socket. A full backlog is ec::exhausted, a name
  /// that is not there ec::refused.
  void dial(fd socket, const std::string& path, taker done);

private:
  void begin(fd socket, const socket_address& to, taker done);

  boost::asio::io_context& io_;
  taker done_;
  fd socket_;
  readiness::wait wait_; // ends before its socket does
};

/// An ordinary socket of the host.
result<fd> host_socket(family kind, int type);
result<fd> unix_socket();

} // namespace pier::net
