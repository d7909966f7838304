#include "net/proxy/proxy_health.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::net;
using namespace std::chrono_literals;

namespace {

proxy_choice through(const char* name) {
  return {proxy_choice::kind::through, *parse_upstream_proxy(name), {}};
}

struct house {
  std::string order(const std::vector<proxy_choice>& of) const {
    std::string out;
    for (const auto& each : health.in_order(of, now))
      out += each.way == proxy_choice::kind::through ? each.proxy.host
        : each.way == proxy_choice::kind::direct     ? "-"
                                                     : "!";
    return out;
  }
  void fail(const proxy_choice& which) {
    health.fail(which.proxy, now);
  }

  proxy_health health;
  proxy_health::time_point now{};
  proxy_choice a = through("a");
  proxy_choice b = through("b");
  proxy_choice c = through("c");
  proxy_choice direct{};
  proxy_choice blocked{proxy_choice::kind::blocked, {}, "x"};
};

} // namespace

TEST_CASE_METHOD(house, "a proxy that failed comes last, for half a minute") {
  now += 1h;
  CHECK(order({a, b, c}) == "abc");
  fail(a);
  CHECK(order({a, b, c}) == "bca");
  now += 29s;
  CHECK(order({a, b, c}) == "bca");
  now += 1s;
  CHECK(order({a, b, c}) == "abc");
}

TEST_CASE_METHOD(
  house, "each time that it fails again it waits twice as long") {
  now += 1h;
  for (auto expected : {30s, 60s, 120s, 240s, 300s, 300s}) {
    fail(a);
    // Others that were on their way fail, too, and change nothing.
    now += 1s;
    fail(a);
    now += expected - 2s;
    CHECK(order({a, b}) == "ba");
    now += 1s;
    CHECK(order({a, b}) == "ab");
  }
  health.succeed(a.proxy);
  fail(a);
  now += 30s;
  CHECK(order({a, b}) == "ab");
}

TEST_CASE_METHOD(house, "a failure makes no list laxer") {
  now += 1h;
  fail(a);
  CHECK(order({a, direct, b}) == "a-b");
  CHECK(order({a, b, direct}) == "ba-");
  CHECK(order({a, blocked, b}) == "a!b");
  fail(b);
  CHECK(order({a, b, direct}) == "ab-");
  CHECK(order({a}) == "a");
  CHECK(order({}).empty());
}
