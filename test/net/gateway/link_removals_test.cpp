#include "net/gateway/link_removals.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <vector>

using namespace pier;
using net::link_removals;

namespace {

/// A keeper that answers when a test says so.
struct world {
  boost::asio::io_context io;
  std::vector<link_removals::taker> asked;
  link_removals removals{io, [this](const lease&, link_removals::taker done) {
                           asked.push_back(std::move(done));
                         }};
  std::optional<result<void>> heard;

  void remove() {
    removals.remove({}, [this](result<void> how) { heard = std::move(how); });
  }
};

} // namespace

TEST_CASE("a link is gone when the keeper says so") {
  world all;
  all.remove();
  REQUIRE(all.asked.size() == 1);
  CHECK_FALSE(all.heard);
  all.asked[0]({});
  REQUIRE(all.heard);
  CHECK(*all.heard);
  // It is not asked again of a later one.
  all.removals.retry();
  CHECK(all.asked.size() == 1);
}

TEST_CASE("a keeper that dies over a link leaves it to the next one") {
  world all;
  all.remove();
  all.asked[0](error{ec::gateway_lost, "the keeper has died"});
  CHECK_FALSE(all.heard);
  all.removals.retry();
  REQUIRE(all.asked.size() == 2);
  all.asked[1]({});
  REQUIRE(all.heard);
  CHECK(*all.heard);
}

TEST_CASE("a link that the kernel does not let go is said to be left") {
  world all;
  all.remove();
  all.asked[0](error{ec::failed, "no"});
  REQUIRE(all.heard);
  CHECK_FALSE(*all.heard);
}
