/// A pair of links goes when the namespace of either end does.

#include "net/link/netlink.hpp"
#include "test/platform/scenery.hpp"

using namespace pier;
using namespace pier::platform;

// Between a look and the removal it may go by itself: a stop then told of a
// link that it had left behind.
TEST_CASE("a link that is gone already has been removed") {
  NEEDS_A_NETWORK();
  auto here = net::netlink::open();
  REQUIRE(here.has_value());
  CHECK(here->remove("pier-none").has_value());
}
