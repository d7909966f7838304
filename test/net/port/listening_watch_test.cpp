#include "net/port/listening_watch.hpp"
#include "test/support/deadline.hpp"

#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <array>

using namespace pier;
using namespace pier::net;
using namespace std::chrono_literals;

namespace {

/// A watch whose kernel is the test: it tells of deaths, and every look asks it
/// for dumps that it does not give.
struct watched {
  explicit watched(fd diag = {}) {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) == 0);
    deaths = fd{ends[0]};
    guest_view view;
    view.destroy = fd{ends[1]};
    view.diag = std::move(diag);
    watch.emplace(
      io, std::move(view), lease{}, [](const std::vector<service>&) {});
  }

  void tell_death() const {
    REQUIRE(::send(deaths.get(), "x", 1, 0) == 1);
  }

  /// Longer than the pause before a look, and nothing is called back.
  static void let_the_pause_pass() {
    pier::trials::stopwatch watch;
    while (watch.elapsed() < 2ms) {}
  }

  boost::asio::io_context io;
  fd deaths;
  std::optional<listening_watch> watch;
};

} // namespace

TEST_CASE("a watch comes to rest, whatever its news met", "[port]") {
  watched one;
  for (int round = 0; round < 20; ++round) {
    one.tell_death();
    one.io.run_one();
    watched::let_the_pause_pass();
    // The pause is over, and here is the next death.
    one.tell_death();
    one.io.poll();
  }
  int calls = 0;
  while (calls < 100 && one.io.run_one_for(500ms) > 0)
    ++calls;
  CHECK(calls < 100);
}

TEST_CASE("after a long look there is a longer rest, whatever is told") {
  std::array<int, 2> ends{};
  REQUIRE(
    ::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
  fd silent{ends[0]};
  auto questions = [&silent] {
    std::array<char, 1024> bytes{};
    auto count = 0;
    while (::recv(silent.get(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0)
      ++count;
    return count;
  };
  // Each look asks and is not answered, which takes its time.
  watched one{fd{ends[1]}};
  one.tell_death();
  auto asked = 0;
  while (asked == 0 && one.io.run_one_for(5s) > 0)
    asked = questions();
  CHECK(asked > 0);
  one.tell_death();
  one.io.run_for(100ms);
  CHECK(questions() == 0);
}

TEST_CASE("a watch that died while a look was due is not looked at") {
  watched one;
  one.tell_death();
  one.io.run_one();
  watched::let_the_pause_pass();
  boost::asio::steady_timer sooner{one.io, 0ms};
  sooner.async_wait([&one](const auto&) { one.watch.reset(); });
  one.tell_death();
  one.io.poll();
  CHECK_FALSE(one.watch);
}

TEST_CASE("the kernel makes news of sockets while somebody needs them") {
  boost::asio::io_context io;
  guest_view view;
  view.destroy = fd{::socket(
    AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG)};
  auto hears = [ear = view.destroy.get()] {
    uint32_t groups = 0;
    socklen_t size = sizeof(groups);
    REQUIRE(
      ::getsockopt(ear, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, &groups, &size)
      == 0);
    return groups != 0;
  };
  listening_watch watch{
    io, std::move(view), lease{}, [](const std::vector<service>&) {}};
  CHECK_FALSE(hears());
  watch.set_needed(true);
  CHECK(hears());
  watch.set_needed(false);
  CHECK_FALSE(hears());
}
