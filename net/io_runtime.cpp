#include "net/io_runtime.hpp"

#include "net/readiness.hpp"
#include "net/relay/relay_loop.hpp"

#include <algorithm>
#include <thread>
#include <vector>

namespace pier::net {

/// A flood of datagrams has loops of its own: who makes connections does not
/// wait for it.
struct io_runtime::threads {
  struct crew {
    std::vector<std::unique_ptr<relay_loop>> loops;
    size_t next = 0;
  };
  crew streams, datagrams;

  auto all() {
    std::vector<relay_loop*> out;
    for (const auto* each : {&streams, &datagrams})
      for (const auto& loop : each->loops)
        out.push_back(loop.get());
    return out;
  }
};

io_runtime::io_runtime(size_t relays) : threads_(std::make_unique<threads>()) {
  // Made now: when somebody must wait for the first time there may be no
  // descriptor left to make it of.
  readiness::of(control_);
  if (relays == 0)
    relays = std::max(std::thread::hardware_concurrency(), 2U);
  for (size_t i = 0; i < relays; ++i) {
    threads_->streams.loops.push_back(std::make_unique<relay_loop>(control_));
    threads_->datagrams.loops.push_back(
      std::make_unique<relay_loop>(control_, protocol::udp));
  }
}

io_runtime::~io_runtime() = default;

boost::asio::io_context& io_runtime::control() noexcept {
  return control_;
}

std::vector<std::chrono::microseconds> io_runtime::relay_times() const {
  std::vector<std::chrono::microseconds> out;
  for (auto* each : threads_->all())
    out.push_back(each->processor_time());
  return out;
}

void io_runtime::settle(std::function<void()> done) {
  auto all = threads_->all();
  auto missing = std::make_shared<size_t>(all.size());
  for (auto* each : all)
    each->settle([missing, done] {
      if (--*missing == 0)
        done();
    });
}

relay_loop& io_runtime::next_relay(protocol of) noexcept {
  auto& crew = of == protocol::udp ? threads_->datagrams : threads_->streams;
  const auto& all = crew.loops;
  auto next = [&]() -> relay_loop& { return *all[crew.next++ % all.size()]; };
  // In turn; but a new connection need not wait behind one at full throttle.
  for (size_t i = 0; i < all.size(); ++i)
    if (auto& one = next(); !one.is_busy())
      return one;
  return next();
}

} // namespace pier::net
