/// Why nothing of a container outlives the one who looks after it.

#include "test/platform/scenery.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

using namespace pier;
using namespace pier::platform;

namespace {

/// Both ends; whoever holds a copy of the second keeps the first from ending.
std::pair<net::fd, net::fd> life_line() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  return {net::fd{ends[0]}, net::fd{ends[1]}};
}

bool ended(const net::fd& line) {
  char byte = 0;
  return readable(line) && ::read(line.get(), &byte, 1) == 0;
}

/// Waits for the one byte that says "ready".
bool ready(const net::fd& line) {
  char byte = 0;
  return readable(line) && ::read(line.get(), &byte, 1) == 1;
}

} // namespace

TEST_CASE("PR_SET_PDEATHSIG kills the child of one who is killed") {
  auto [line, held] = life_line();
  auto parent = ::fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    if (::fork() == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      [[maybe_unused]] auto said = ::write(held.get(), "r", 1);
    }
    for (;;)
      ::pause();
  }
  held.reset();
  CHECK(ready(line));
  REQUIRE(::kill(parent, SIGKILL) == 0);
  reap(parent);
  CHECK(ended(line));
}

TEST_CASE("a pid namespace ends with its first process") {
  NEEDS_A_NETWORK();
  auto [line, held] = life_line();
  auto outside = ::fork();
  REQUIRE(outside >= 0);
  if (outside == 0) {
    if (::unshare(CLONE_NEWPID) != 0)
      ::_exit(1);
    auto first = ::fork();
    if (first == 0) {
      // The grandchild is in a session of its own: no signal of a group or a
      // terminal could reach it.
      if (::fork() == 0) {
        ::setsid();
        [[maybe_unused]] auto said = ::write(held.get(), "r", 1);
      }
      for (;;)
        ::pause();
    }
    held.reset();
    if (!ready(line) || ::kill(first, SIGKILL) != 0)
      ::_exit(2);
    reap(first);
    ::_exit(ended(line) ? 0 : 3);
  }
  held.reset();
  auto status = reap(outside);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
