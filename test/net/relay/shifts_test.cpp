#include "net/io_runtime.hpp"
#include "net/relay/relay_loop.hpp"
#include "net/relay/shifts.hpp"
#include "test/support/deadline.hpp"

#include <catch2/catch.hpp>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>

using namespace pier::net;
using namespace std::chrono_literals;
using pier::trials::stopwatch;

namespace {

constexpr auto start = burden::time_point{} + 1h;

/// So many rounds in which somebody used up his turn, that far apart.
bool is_heavy(burden& which, int rounds, std::chrono::milliseconds apart) {
  auto out = false;
  for (int i = 1; i <= rounds; ++i)
    out = which.is_heavy_after(true, start + i * apart);
  return out;
}

int priority() {
  return ::getpriority(PRIO_PROCESS, 0);
}

/// How long the calling thread's turn of a processor is; 0 where the kernel
/// does not tell (sched_getattr(2), before Linux 6.12).
std::chrono::nanoseconds turn() {
  std::array<uint64_t, 6> told{};
  if (::syscall(SYS_sched_getattr, 0, told.data(), sizeof(told), 0) != 0)
    return {};
  constexpr size_t runtime = 3; // behind size and policy, flags, nice
  return std::chrono::nanoseconds{told[runtime]};
}

/// A loop that is as busy as it is told.
struct loop {
  std::atomic<shifts::outcome> is = shifts::outcome::calm;
  std::atomic<int> worked_at = -1;
  std::atomic<std::chrono::nanoseconds> turn_then{};
  stopwatch watch;
  shifts work;

  explicit loop(shifts::kind which)
    : work(which, [this] {
        turn_then = turn();
        worked_at = priority();
        ::poll(nullptr, 0, 1);
        return shifts::report{is.load(), start + watch.elapsed()};
      }) {
    work.begin();
  }
  ~loop() {
    is = shifts::outcome::over;
    work.join();
  }

  bool is_worked_at(int wanted) const {
    for (stopwatch own; own.elapsed() < 10s; ::poll(nullptr, 0, 1))
      if (worked_at == wanted)
        return true;
    return false;
  }
};

} // namespace

TEST_CASE("what a round has raised is no signal, at its thread's end either") {
  static volatile std::sig_atomic_t heard = 0;
  struct sigaction by {};
  struct sigaction before {};
  by.sa_handler = [](int) { heard = 1; };
  REQUIRE(::sigaction(SIGPIPE, &by, &before) == 0);
  shifts work{shifts::kind::both, [] {
                ::pthread_kill(::pthread_self(), SIGPIPE);
                return shifts::report{shifts::outcome::over, {}};
              }};
  work.begin();
  work.join();
  ::sigaction(SIGPIPE, &before, nullptr);
  CHECK(heard == 0);
}

TEST_CASE("sixteen rounds close together, in which a turn was used up, are "
          "much") {
  burden one;
  burden other;
  CHECK_FALSE(is_heavy(one, 15, 9ms));
  CHECK(is_heavy(other, 16, 9ms));
}

TEST_CASE("rounds that are far apart are never much") {
  burden one;
  CHECK_FALSE(is_heavy(one, 1000, 10ms));
}

TEST_CASE("calm rounds in between do not make it less") {
  burden one;
  auto heavy = false;
  for (int i = 1; i <= 16; ++i) {
    one.is_heavy_after(true, start + i * 5ms);
    heavy = one.is_heavy_after(false, start + i * 5ms + 1ms);
  }
  CHECK(heavy);
}

TEST_CASE("it has been much until a tenth of a second has passed without") {
  burden one;
  CHECK(is_heavy(one, 16, 1ms));
  CHECK(one.is_heavy_after(false, start + 115ms));
  CHECK(one.is_heavy_after(true, start + 115ms));
  CHECK(one.is_heavy_after(false, start + 214ms));
  CHECK_FALSE(one.is_heavy_after(false, start + 215ms));
  CHECK_FALSE(one.is_heavy_after(true, start + 216ms));
}

TEST_CASE("who carries much gives way to others, and only as long as he does") {
  loop one{shifts::kind::both};
  auto own = priority();
  auto lowered = std::max(own, 15);
  CHECK(one.is_worked_at(own));
  CHECK(one.work.patience() == -1);
  one.is = shifts::outcome::busy;
  CHECK(one.is_worked_at(lowered));
  one.is = shifts::outcome::calm;
  CHECK(one.is_worked_at(own));
}

TEST_CASE("who carries much asks for a longer turn than others have, so that "
          "they may interrupt it") {
  loop one{shifts::kind::both};
  REQUIRE(one.is_worked_at(priority()));
  auto usual = one.turn_then.load();
  one.is = shifts::outcome::busy;
  REQUIRE(one.is_worked_at(std::max(priority(), 15)));
  auto longer = one.turn_then.load();
  if (usual != 0ns)
    CHECK(longer == 10ms);
  else
    WARN("this kernel tells of no turns");
}

TEST_CASE("whoever sleeps while he gives way wakes to have done with it") {
  loop one{shifts::kind::both};
  one.is = shifts::outcome::busy;
  REQUIRE(one.is_worked_at(std::max(priority(), 15)));
  CHECK(one.work.patience() == burden::rest.count());
}

TEST_CASE("datagrams give way always, and have loops of their own") {
  loop one{shifts::kind::heavy_alone};
  CHECK(one.is_worked_at(std::max(priority(), 15)));
  CHECK(one.work.patience() == -1);

  io_runtime runtime{1};
  CHECK(&runtime.next_relay() == &runtime.next_relay());
  CHECK(&runtime.next_relay(pier::protocol::udp) != &runtime.next_relay());
}
