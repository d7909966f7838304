#include "net/host_names.hpp"
#include "net/lifeline.hpp"
#include "net/workers.hpp"
#include "test/net/dns/loop.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <optional>
#include <thread>

using namespace pier;
using namespace pier::net;

TEST_CASE("a call runs elsewhere, and what follows it runs here") {
  trials::loop here;
  std::thread::id where;
  std::thread::id then;
  REQUIRE(workers::of(here.io).run(
    [&] { where = std::this_thread::get_id(); },
    [&] { then = std::this_thread::get_id(); }));
  REQUIRE(here.until([&] { return then != std::thread::id{}; }));
  CHECK(where != then);
  CHECK(then == std::this_thread::get_id());
}

TEST_CASE("calls that block hold up only as many as there are threads") {
  trials::loop here;
  auto& all = workers::of(here.io);
  std::promise<void> open;
  std::shared_future<void> gate = open.get_future();
  std::atomic<size_t> inside = 0;
  size_t ended = 0;
  for (size_t i = 0; i < workers::most_calls; ++i)
    REQUIRE(all.run(
      [&inside, gate] {
        ++inside;
        gate.wait();
      },
      [&] { ++ended; }));
  CHECK_FALSE(all.run([] {}, [] {}));
  CHECK(here.until([&] { return inside == workers::most_threads; }));
  CHECK(ended == 0);
  open.set_value();
  CHECK(here.until([&] { return ended == workers::most_calls; }));
  CHECK(all.run([] {}, [] {}));
}

TEST_CASE("a loop that goes waits for no call, and follows none") {
  std::promise<void> open;
  std::shared_future<void> gate = open.get_future();
  auto begun = std::make_shared<std::promise<void>>();
  auto over = std::make_shared<std::promise<void>>();
  auto followed = false;
  {
    trials::loop brief;
    workers::of(brief.io).run(
      [gate, begun, over] {
        begun->set_value();
        gate.wait();
        over->set_value();
      },
      [&] { followed = true; });
    begun->get_future().wait();
  }
  open.set_value();
  over->get_future().wait();
  CHECK_FALSE(followed);
}

TEST_CASE("a name is what the host says it is, and many ask once") {
  trials::loop here;
  size_t answered = 0;
  for (int i = 0; i < 1000; ++i)
    find_addresses(
      here.io, "localhost", [&](const result<std::vector<ip_address>>& all) {
        REQUIRE(all.has_value());
        CHECK(all->front().is_loopback());
        ++answered;
      });
  CHECK(answered == 0);
  CHECK(here.until([&] { return answered == 1000; }));
  // What is known is said at once.
  find_addresses(here.io, "localhost", [&](const auto&) { ++answered; });
  find_addresses(here.io, "::1", [&](const auto&) { ++answered; });
  CHECK(answered == 1002);
}

TEST_CASE("a name that nobody knows is refused in words that name it") {
  trials::loop here;
  lifeline life;
  std::optional<error> why;
  find_addresses(
    here.io, "name.invalid",
    life.guard([&](const result<std::vector<ip_address>>& all) {
      why = all ? error{} : all.error();
    }));
  REQUIRE(here.until([&] { return why.has_value(); }));
  CHECK(why->text.find("name.invalid") != std::string::npos);
  CHECK((why->code == ec::host_unreachable || why->code == ec::timed_out));
}
