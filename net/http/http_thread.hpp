#pragma once

/// The thread that carries HTTP: clients of our proxy, while what they say is
/// read as HTTP. It starts with the first of them.

#include <boost/asio/io_context.hpp>

#include <thread>

namespace pier::net {

/// Role: owns the loop of the clients' sessions. Lifetime: of the network; who
/// is still there when it ends is closed.
class http_thread {
public:
  http_thread() = default;
  ~http_thread();

  http_thread(const http_thread&) = delete;
  http_thread& operator=(const http_thread&) = delete;

  /// Called from the control thread.
  boost::asio::io_context& io();

private:
  boost::asio::io_context io_{1};
  std::thread thread_;
};

} // namespace pier::net
