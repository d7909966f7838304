#include "net/overlap.hpp"
#include "net/route.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using net::fit_among;

namespace {

ip_subnet subnet(const std::string& text) {
  return *ip_subnet::parse(text);
}

network_settings on(const std::string& text) {
  network_settings out;
  (subnet(text).net.is_v4() ? out.subnet : out.subnet6) = subnet(text);
  return out;
}

std::vector<net::host_route> routes(const std::string& text) {
  return {{subnet(text), "eth0"}};
}

} // namespace

TEST_CASE("a network in the way of a route is refused, with the mend") {
  auto fitted = fit_among(
    routes("192.168.1.0/24"), on("192.168.1.0/25"), nullptr);
  REQUIRE_FALSE(fitted.has_value());
  CHECK(
    fitted.error().text
    == "network.subnet: 192.168.1.0/25 overlaps the host's route "
       "192.168.1.0/24 dev eth0; choose another, such as 192.168.65.0/25");
  auto six = fit_among(routes("fd11::/16"), on("fd11:22::/64"), nullptr);
  REQUIRE_FALSE(six.has_value());
  CHECK(
    six.error().text
    == "network.subnet6: fd11:22::/64 overlaps the host's route fd11::/16 dev "
       "eth0; choose another, such as fd07:b51a:cc67::/64");
}

TEST_CASE("a default in the way of a route gives way to a free network") {
  auto fitted = fit_among(routes("192.168.65.0/24"), {}, nullptr);
  REQUIRE(fitted.has_value());
  CHECK(fitted->subnet == subnet("192.168.66.0/24"));
  CHECK(fitted->subnet6 == network_settings{}.subnet6);
  auto none = fit_among(
    {{subnet("192.168.0.0/16"), "a"},
     {subnet("172.16.0.0/12"), "b"},
     {subnet("10.0.0.0/8"), "c"}},
    {}, nullptr);
  CHECK_FALSE(none.has_value());
}

TEST_CASE("what stands is not asked, and stays rather than a default comes") {
  auto now = on("10.7.0.0/24");
  auto there = fit_among(routes("10.7.0.0/16"), now, &now);
  REQUIRE(there.has_value());
  CHECK(there->subnet == now.subnet);
  auto back = fit_among(routes("192.168.65.0/24"), {}, &now);
  REQUIRE(back.has_value());
  CHECK(back->subnet == now.subnet);
}

TEST_CASE("a family that guests do not have is in nobody's way") {
  auto by = on("192.168.1.0/24");
  by.mode = network_families::ipv6;
  CHECK(fit_among(routes("192.168.1.0/24"), by, nullptr).has_value());
  CHECK(net::overlapping(routes("192.168.1.0/24"), by).empty());
  by.mode = network_families::ipv4;
  CHECK(net::overlapping(routes("192.168.1.0/24"), by).size() == 1);
  // It comes, and is asked then.
  auto six = by;
  six.mode = network_families::ipv6;
  CHECK_FALSE(fit_among(routes("192.168.1.0/24"), by, &six).has_value());
}
