#include "net/gateway/address_plan.hpp"
#include "test/support/show.hpp"

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

TEST_CASE("guests of one family have one address, and the same numbers") {
  network_settings by;
  by.mode = network_families::ipv4;
  net::address_plan four{net::plan_network(by)};
  auto first = four.take();
  REQUIRE(first);
  CHECK(first->addresses() == std::vector{*ip_address::parse("192.168.65.3")});
  by.mode = network_families::ipv6;
  net::address_plan six{net::plan_network(by)};
  first = six.take();
  REQUIRE(first);
  CHECK(
    first->addresses() == std::vector{*ip_address::parse("fd07:b51a:cc66::3")});
  CHECK(first->number == 3);
}
