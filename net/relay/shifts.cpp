#include "net/relay/shifts.hpp"

#include "net/no_signals.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

namespace pier::net {

namespace {

/// Of `nice`: a thirtieth of what its neighbours have.
constexpr int lowered = 15;

/// sched_attr of <linux/sched/types.h>, which is not to be had beside
/// <pthread.h>; its first version (sched_setattr(2)).
struct scheduling {
  uint32_t size = sizeof(scheduling);
  uint32_t policy = 0;
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime = 0; // of a turn, in nanoseconds
  uint64_t deadline = 0;
  uint64_t period = 0;
};

/// Longer than anybody's who has not asked for another: 0.7 ms to 3 ms.
constexpr std::chrono::nanoseconds long_turn = std::chrono::milliseconds{10};

/// Whoever embeds us may have asked for less already. What is lowered would
/// still have its turn to the end, a clock tick long; the scheduler interrupts
/// it for those whose turns are shorter (EEVDF's PREEMPT_SHORT, Linux 6.12;
/// older ones do not look at it).
void lower_priority() {
  auto own = ::getpriority(PRIO_PROCESS, 0);
  ::setpriority(PRIO_PROCESS, 0, std::max(own, lowered));
  scheduling ours;
  if (
    ::syscall(SYS_sched_getattr, 0, &ours, sizeof(ours), 0) != 0
    || ours.policy != SCHED_OTHER)
    return;
  ours.runtime = long_turn.count();
  ::syscall(SYS_sched_setattr, 0, &ours, 0);
}

std::chrono::nanoseconds time_of(pthread_t thread) {
  clockid_t which{};
  timespec spent{};
  if (
    ::pthread_getcpuclockid(thread, &which) != 0
    || ::clock_gettime(which, &spent) != 0)
    return {};
  return std::chrono::seconds{spent.tv_sec}
  + std::chrono::nanoseconds{spent.tv_nsec};
}

} // namespace

shifts::shifts(kind which, std::function<report()> round)
  : which_(which),
    round_(std::move(round)),
    turn_(which == kind::both ? light : heavy) {}

void shifts::begin() {
  no_signals while_they_start;
  threads_[heavy] = std::thread{[this] { work(heavy); }};
  if (which_ == kind::both)
    threads_[light] = std::thread{[this] { work(light); }};
}

shifts::~shifts() {
  join();
}

void shifts::join() {
  for (auto& each : threads_)
    if (each.joinable())
      each.join();
}

int shifts::patience() const noexcept {
  return are_heavy() ? static_cast<int>(burden::rest.count()) : -1;
}

std::chrono::microseconds shifts::processor_time() {
  std::chrono::nanoseconds all{};
  for (auto& each : threads_)
    if (each.joinable())
      // The handle is the thread's own until it is joined.
      all += time_of(each.native_handle());
  return std::chrono::duration_cast<std::chrono::microseconds>(all);
}

void shifts::work(turn mine) {
  if (mine == heavy)
    lower_priority();
  for (;;) {
    auto whose = turn_.load();
    if (whose == nobody)
      return;
    if (whose != mine) {
      turn_.wait(whose);
      continue;
    }
    auto done = round_();
    auto is_heavy = which_ == kind::heavy_alone
      || burden_.is_heavy_after(done.what == outcome::busy, done.at);
    auto next = done.what == outcome::over ? nobody : is_heavy ? heavy : light;
    if (next == mine)
      continue;
    turn_ = next;
    turn_.notify_all();
  }
}

} // namespace pier::net
