#pragma once

/// The thread that carries what is neither plain enough for the relay nor light
/// enough for the control thread: TLS to servers, datagrams with heads.

#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>
#include <thread>

namespace pier::net {

/// Role: one for each loop, found by `of`; it is started when it is first
/// needed. Lifetime: the loop's; its end drops what it carries.
class pump_thread : public boost::asio::execution_context::service {
public:
  static pump_thread& of(boost::asio::io_context& io);

  /// Runs it on the thread's own loop. False: there can be no thread.
  bool run(std::function<void(boost::asio::io_context&)> what);

  static boost::asio::execution_context::id id;
  explicit pump_thread(boost::asio::execution_context& io);

private:
  void shutdown() override;
  bool start();

  std::thread thread_;
  std::optional<boost::asio::io_context> loop_;
  std::optional<
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>
    work_;
};

} // namespace pier::net
