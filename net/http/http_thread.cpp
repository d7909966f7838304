#include "net/http/http_thread.hpp"

#include "net/no_signals.hpp"

#include <boost/asio/executor_work_guard.hpp>

namespace pier::net {

http_thread::~http_thread() {
  io_.stop();
  if (thread_.joinable())
    thread_.join();
}

boost::asio::io_context& http_thread::io() {
  if (!thread_.joinable()) {
    no_signals while_it_starts;
    thread_ = std::thread{[this] {
      auto stays = boost::asio::make_work_guard(io_);
      io_.run();
    }};
  }
  return io_;
}

} // namespace pier::net
