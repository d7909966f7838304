#include "net/http/http_thread.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <csignal>

namespace pier::net {

http_thread::~http_thread() {
  io_.stop();
  if (thread_.joinable())
    thread_.join();
}

boost::asio::io_context& http_thread::io() {
  if (!thread_.joinable()) {
    thread_ = std::thread{[this] {
      sigset_t all;
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, nullptr);
      auto stays = boost::asio::make_work_guard(io_);
      io_.run();
    }};
  }
  return io_;
}

} // namespace pier::net
