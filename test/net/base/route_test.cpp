#include "net/route.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace pier;

const auto guests = net::plan_network({});

auto go(const char* to, uint16_t port = 80) {
  flow what;
  what.guest = {*ip_address::parse("192.168.65.3"), 4711};
  what.peer = {*ip_address::parse(to), port};
  return net::route(guests, what);
}

} // namespace

TEST_CASE("the world is reached as it is addressed") {
  for (auto to : {"1.1.1.1", "10.0.0.5", "169.254.1.1", "2606:4700::1111"}) {
    auto targets = go(to, 443);
    REQUIRE(targets.has_value());
    CHECK(*targets == std::vector<endpoint>{{*ip_address::parse(to), 443}});
  }
}

TEST_CASE("the host's address leads to its loopback, 127.0.0.1 first") {
  for (auto to : {"192.168.65.254", "fd07:b51a:cc66::254"}) {
    auto targets = go(to, 8000);
    REQUIRE(targets.has_value());
    CHECK(
      *targets
      == std::vector<endpoint>{
        {ip_address::loopback(family::v4), 8000},
        {ip_address::loopback(family::v6), 8000}});
  }
}

TEST_CASE("nothing else leads to the host's loopback, in whatever disguise") {
  for (auto to :
       {"127.0.0.1", "127.8.9.10", "0.0.0.0", "0.1.2.3", "::", "::1",
        "::ffff:127.0.0.1", "::ffff:0.0.0.0", "::127.0.0.1",
        "64:ff9b::127.0.0.1", "2002:7f00:1::", "2002::"}) {
    auto targets = go(to);
    REQUIRE_FALSE(targets.has_value());
    CHECK(targets.error().code == ec::forbidden);
  }
}

TEST_CASE("multicast and broadcast do not leave the guest network") {
  for (auto to : {"224.0.0.251", "255.255.255.255", "ff02::fb"})
    CHECK(go(to).error().code == ec::forbidden);
}

TEST_CASE("an address of the guest network that nobody has is unreachable") {
  for (auto to : {"192.168.65.77", "fd07:b51a:cc66::77"})
    CHECK(go(to).error().code == ec::host_unreachable);
}
