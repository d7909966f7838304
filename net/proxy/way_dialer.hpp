#pragma once

/// From the ways that a request may take to a connection: they are tried in
/// order, each for a while.

#include "messages/proxy.hpp"
#include "net/circuit/dialer.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>

namespace pier::net {

/// What has answered.
struct way_found {
  fd socket;
  /// Its place among the ways.
  size_t way = 0;
  /// It is a proxy that is to be asked in absolute form, with these
  /// credentials.
  bool to_proxy = false;
  std::string credentials;
};

/// One request at a time; destroyed, it closes what it has begun.
class way_dialer {
public:
  using taker = std::function<void(result<way_found>)>;
  /// A fresh TCP socket: of the host, or of the gateway, for a guest's address.
  using socket_source = std::function<result<fd>(family, bool to_guest)>;

  way_dialer(boost::asio::io_context& io, socket_source sockets);

  /// Twenty seconds for each, at most. The error is the last one's, and names
  /// where it leads.
  void begin(const proxy_request& what, proxy_course by, taker done);

private:
  void try_next(error last);
  void dial(const proxy_way& way);
  void hear(size_t attempt, result<fd> how);

  boost::asio::io_context& io_;
  socket_source sockets_;
  dialer dialer_;
  boost::asio::steady_timer patience_;
  proxy_request what_;
  proxy_course course_;
  size_t next_ = 0;
  taker done_;
  lifeline life_;
};

} // namespace pier::net
