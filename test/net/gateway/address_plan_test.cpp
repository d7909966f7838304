#include "net/gateway/address_plan.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

#include <set>

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
  plan.give_back(first->link);
  CHECK(plan.take()->number == first->number + 1);
}

TEST_CASE("a full subnet is refused in words, and never leases the host") {
  net::address_plan plan{net::plan_network({})};
  std::set<ip_address> seen;
  uint32_t link_of_77 = 0;
  for (int i = 0; i < 251; ++i) {
    auto taken = plan.take();
    REQUIRE(taken.has_value());
    if (taken->number == 77)
      link_of_77 = taken->link;
    CHECK(seen.insert(taken->v4).second);
    CHECK(taken->v4 != plan.network().host);
  }
  auto none = plan.take();
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == ec::exhausted);
  plan.give_back(link_of_77);
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

namespace {

net::guest_network other(const std::string& subnet) {
  network_settings by;
  by.subnet = *ip_subnet::parse(subnet);
  return net::plan_network(by);
}

} // namespace

TEST_CASE("in another network everybody keeps his number where it fits") {
  net::address_plan plan{net::plan_network({})};
  std::vector<lease> before;
  for (int i = 0; i < 13; ++i)
    before.push_back(*plan.take());
  // .3 to .5 have gone, and .14 and .15 do not fit: .14 is the host's.
  for (size_t i = 0; i < 3; ++i)
    plan.give_back(before[i].link);
  auto small = other("10.7.0.0/28");
  auto leases = plan.leases_in(small);
  REQUIRE(leases.has_value());
  std::vector<uint32_t> numbers;
  for (const auto& each : *leases)
    numbers.push_back(each.number);
  CHECK(numbers == std::vector<uint32_t>{6, 7, 8, 9, 10, 11, 12, 13, 3, 4});
  CHECK(to_string(leases->front().v4) == "10.7.0.6");
  CHECK(leases->front().link == before[3].link);
  plan.renumber(small, *leases);
  CHECK(plan.take()->number == 5);
  CHECK_FALSE(plan.take().has_value());
}

TEST_CASE("a network that is too small is refused with the numbers") {
  net::address_plan plan{net::plan_network({})};
  for (int i = 0; i < 12; ++i)
    REQUIRE(plan.take().has_value());
  auto leases = plan.leases_in(other("10.7.0.0/28"));
  REQUIRE_FALSE(leases.has_value());
  CHECK(
    leases.error().text
    == "network.subnet: 10.7.0.0/28 has room for 11 containers, and 12 are "
       "there: stop some, or choose a larger subnet");
}
