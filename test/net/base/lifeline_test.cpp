#include "net/lifeline.hpp"

#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>

#include <optional>

using namespace pier::net;
using namespace std::chrono_literals;

namespace {

struct sleeper {
  sleeper(boost::asio::io_context& io, std::optional<sleeper>& other)
    : timer(io, 0ms) {
    timer.async_wait(life.guard([&other](const auto&) { other.reset(); }));
  }

  boost::asio::steady_timer timer;
  lifeline life;
};

} // namespace

TEST_CASE("a wait that is over calls back nobody who has died since") {
  boost::asio::io_context io;
  std::optional<sleeper> one, two;
  one.emplace(io, two);
  two.emplace(io, one);
  // Both waits are over at once; whoever is called first ends the other.
  CHECK(io.poll() == 2);
  CHECK(one.has_value() != two.has_value());
}

TEST_CASE("what is guarded is called while its owner lives") {
  lifeline life;
  int heard = 0;
  life.guard([&heard](int what) { heard = what; })(7);
  CHECK(heard == 7);
}
