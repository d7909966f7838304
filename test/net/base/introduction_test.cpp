#include "net/circuit/introduction.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::net;

namespace {

bool is_far(const char* ip, uint16_t port = 4711) {
  return comes_from_afar(plan_network({}), {*ip_address::parse(ip), port});
}

} // namespace

TEST_CASE("whom a guest would answer by the gateway comes from afar") {
  CHECK(is_far("203.0.113.9"));
  CHECK(is_far("192.168.64.255"));
  CHECK(is_far("2001:db8::9"));
  CHECK(is_far("fd07:b51a:cc67::1"));
  for (auto near_by :
       {"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "169.254.1.1",
        "fe80::1", "224.0.0.1", "ff02::1", "192.168.65.1", "192.168.65.3",
        "192.168.65.255", "fd07:b51a:cc66::1"})
    CHECK_FALSE(is_far(near_by));
  CHECK_FALSE(is_far("203.0.113.9", 0));
}

TEST_CASE("a name is had by one conversation with each guest") {
  names_in_use names;
  const endpoint client{*ip_address::parse("203.0.113.9"), 4711};
  const endpoint web{*ip_address::parse("192.168.65.3"), 53};
  const endpoint db{*ip_address::parse("192.168.65.4"), 53};
  auto one = names.take(client, web);
  REQUIRE(one);
  CHECK_FALSE(names.take(client, web));
  auto two = names.take(client, db);
  CHECK(two);
  one.reset();
  CHECK(names.take(client, web));
}
