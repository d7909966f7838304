#include "net/proxy/pump_thread.hpp"

#include "net/no_signals.hpp"

#include <boost/asio/post.hpp>

#include <system_error>
#include <utility>

namespace pier::net {

namespace asio = boost::asio;

asio::execution_context::id pump_thread::id;

pump_thread& pump_thread::of(asio::io_context& io) {
  return asio::use_service<pump_thread>(io);
}

pump_thread::pump_thread(asio::execution_context& io) : service(io) {}

bool pump_thread::start() {
  loop_.emplace(1);
  work_.emplace(loop_->get_executor());
  // A peer that has hung up is no signal, either.
  no_signals while_it_starts;
  try {
    thread_ = std::thread{[this] { loop_->run(); }};
  } catch (const std::system_error&) {
    // The caller hears of it.
  }
  return thread_.joinable();
}

void pump_thread::shutdown() {
  if (thread_.joinable()) {
    loop_->stop();
    thread_.join();
  }
  // What is carried is kept by its waits, and goes with them.
  work_.reset();
  loop_.reset();
}

bool pump_thread::run(std::function<void(asio::io_context&)> what) {
  if (!thread_.joinable() && !start())
    return false;
  asio::post(*loop_, [this, what = std::move(what)] { what(*loop_); });
  return true;
}

} // namespace pier::net
