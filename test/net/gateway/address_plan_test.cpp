#include "net/gateway/address_plan.hpp"

#include <catch2/catch.hpp>

using namespace pier;

TEST_CASE("the first guest is .3, and looks the same in IPv6") {
  net::address_plan plan{net::plan_network({})};
  CHECK(to_string(plan.network().host6) == "fd07:b51a:cc66::254");
  for (int i = 3; i < 12; ++i)
    REQUIRE(plan.take().has_value());
  auto twelfth = plan.take();
  REQUIRE(twelfth.has_value());
  CHECK(to_string(twelfth->v4) == "192.168.65.12");
  CHECK(to_string(twelfth->v6) == "fd07:b51a:cc66::12");
}

TEST_CASE("a freed address rests until the others had their turn") {
  net::address_plan plan{net::plan_network({})};
  auto first = plan.take();
  plan.give_back(first->number);
  CHECK(plan.take()->number == first->number + 1);
}

TEST_CASE("a full subnet is refused in words, and never leases the host") {
  net::address_plan plan{net::plan_network({})};
  std::set<ip_address> seen;
  for (int i = 0; i < 251; ++i) {
    auto taken = plan.take();
    REQUIRE(taken.has_value());
    CHECK(seen.insert(taken->v4).second);
    CHECK(taken->v4 != plan.network().host);
  }
  auto none = plan.take();
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == ec::exhausted);
  plan.give_back(77);
  CHECK(plan.take()->number == 77);
}
