#include "net/io_runtime.hpp"

#include "net/readiness.hpp"
#include "net/relay/relay_loop.hpp"

#include <algorithm>
#include <thread>
#include <vector>

namespace pier::net {

struct io_runtime::threads {
  std::vector<std::unique_ptr<relay_loop>> loops;
  size_t next = 0;
};

io_runtime::io_runtime(size_t relays) : threads_(std::make_unique<threads>()) {
  // Made now: when somebody must wait for the first time there may be no
  // descriptor left to make it of.
  readiness::of(control_);
  if (relays == 0)
    relays = std::max(std::thread::hardware_concurrency(), 2U);
  for (size_t i = 0; i < relays; ++i)
    threads_->loops.push_back(std::make_unique<relay_loop>(control_));
}

io_runtime::~io_runtime() = default;

boost::asio::io_context& io_runtime::control() noexcept {
  return control_;
}

std::vector<std::chrono::microseconds> io_runtime::relay_times() const {
  std::vector<std::chrono::microseconds> out;
  for (const auto& each : threads_->loops)
    out.push_back(each->processor_time());
  return out;
}

void io_runtime::settle(std::function<void()> done) {
  auto missing = std::make_shared<size_t>(threads_->loops.size());
  for (const auto& each : threads_->loops)
    each->settle([missing, done] {
      if (--*missing == 0)
        done();
    });
}

relay_loop& io_runtime::next_relay() noexcept {
  auto& all = threads_->loops;
  auto next = [&]() -> relay_loop& {
    return *all[threads_->next++ % all.size()];
  };
  // In turn; but a new connection need not wait behind one at full throttle.
  for (size_t i = 0; i < all.size(); ++i)
    if (auto& one = next(); !one.is_busy())
      return one;
  return next();
}

} // namespace pier::net
