#pragma once

/// Hears of routes that the host has got.

#include "net/lifeline.hpp"
#include "net/link/host_routes.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <optional>

namespace pier::net {

class route_watch {
public:
  /// Of the network namespace that it is made in. `came` is called after routes
  /// that are meant, once for many at a time, and when some may have been
  /// missed: a router has a million, and they come and go. Where the kernel
  /// does not tell, it never is.
  route_watch(
    boost::asio::io_context& io,
    std::function<bool(const host_route&)> is_meant,
    std::function<void()> came);

private:
  void await();
  bool hear();
  void settle();

  std::optional<boost::asio::posix::stream_descriptor> news_;
  boost::asio::steady_timer settling_;
  std::function<bool(const host_route&)> is_meant_;
  std::function<void()> came_;
  bool settles_ = false;
  lifeline life_;
};

} // namespace pier::net
