/// What this machine takes to wake a processor that has rested. A virtual one
/// that has halted is the hypervisor's to bring back, and no program's latency
/// is better than that.

#include "tools/bench.d/load/place.hpp"
#include "tools/bench.d/load/quantiles.hpp"
#include "tools/bench.d/load/verbs.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace load {

namespace {

using time_point = std::chrono::steady_clock::time_point;

void stay_on(size_t processor) {
  cpu_set_t where;
  CPU_ZERO(&where);
  CPU_SET(processor, &where);
  ::pthread_setaffinity_np(::pthread_self(), sizeof(where), &where);
}

time_point now() {
  return std::chrono::steady_clock::now();
}

/// The first two that this process may use.
std::vector<size_t> two_processors() {
  cpu_set_t all;
  CPU_ZERO(&all);
  ::sched_getaffinity(0, sizeof(all), &all);
  std::vector<size_t> out;
  for (size_t i = 0; i < CPU_SETSIZE && out.size() < 2; ++i)
    if (CPU_ISSET(i, &all))
      out.push_back(i);
  return out;
}

} // namespace

int wake(double seconds, std::chrono::microseconds rest) {
  auto processors = two_processors();
  auto bell = ::eventfd(0, EFD_CLOEXEC);
  if (processors.size() < 2 || bell < 0)
    give_up("find two processors");
  std::atomic<time_point> rung{now()};
  std::atomic<bool> over{false};
  std::vector<double> times;
  std::thread sleeper{[&] {
    stay_on(processors[1]);
    uint64_t count = 0;
    while (::read(bell, &count, sizeof(count)) == sizeof(count) && !over)
      times.push_back(
        std::chrono::duration<double, std::micro>{now() - rung.load()}.count());
  }};
  stay_on(processors[0]);
  auto ring = [&] {
    uint64_t once = 1;
    rung = now();
    if (::write(bell, &once, sizeof(once)) < 0)
      give_up("ring");
  };
  auto until = now() + std::chrono::duration<double>{seconds};
  while (now() < until) {
    // Sleeping would have this one rest, too.
    for (auto next = now() + rest; now() < next;) {}
    ring();
  }
  over = true;
  ring();
  sleeper.join();
  if (times.empty())
    give_up("wake anybody");
  print_quantiles(std::move(times));
  return 0;
}

} // namespace load
