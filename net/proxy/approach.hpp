#pragma once

/// From a host's name to a connection: its addresses in the host's order, each
/// tried until one answers.

#include "net/circuit/dialer.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>
#include <vector>

namespace pier::net {

/// A fresh TCP socket of the host; see spare_host_socket.
using socket_source = std::function<result<fd>(family)>;

/// One at a time; destroyed, it closes what it has begun. An address that is
/// silent has three seconds while there is another; the last one has as long
/// as its owner.
class approach {
public:
  approach(boost::asio::io_context& io, socket_source sockets);

  /// The connection, or why the last address that was tried did not answer.
  void begin(const std::string& host, uint16_t port, dialer::taker done);

private:
  void try_next();
  void hear(result<fd> how);

  boost::asio::io_context& io_;
  socket_source sockets_;
  dialer dialer_;
  boost::asio::steady_timer patience_;
  std::vector<ip_address> left_; // the next one last
  uint16_t port_ = 0;
  size_t attempt_ = 0;
  dialer::taker done_;
  lifeline life_;
};

} // namespace pier::net
