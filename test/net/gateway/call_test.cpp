#include "test/net/gateway/world.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::net;
using namespace pier::net::trials;

TEST_CASE("a call to our HTTP proxy is heard of when it is there") {
  auto kind = GENERATE(family::v4, family::v6);
  auto v4 = kind == family::v4;
  endpoint proxy{v4 ? plan().proxy : plan().proxy6, proxy_port};
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  SECTION("and no packet is held for it") {
    fd server;
    flow what;
    where.gate.on_call = [&](fd made, const flow& of) {
      server = std::move(made);
      what = of;
    };
    auto client = one.connect(proxy);
    REQUIRE(where.until([&] { return bool{server}; }));
    CHECK(outcome(client) == 0);
    CHECK(what.way == direction::outbound);
    CHECK(what.proto == protocol::tcp);
    CHECK(what.guest == local(client));
    CHECK(what.peer == proxy);
    REQUIRE(send(client, "question"));
    CHECK(where.until([&] { return receive(server) == "question"; }));
    CHECK(where.nothing_held());
  }
  SECTION("where nobody hears of it, it is reset") {
    auto client = one.connect(proxy);
    CHECK(where.until([&] { return is_reset(client); }));
  }
  SECTION("at its other ports nobody is at home without a verdict") {
    auto client = one.connect({proxy.ip, 80});
    CHECK(where.next_held().what.peer.port == 80);
    CHECK_FALSE(outcome(client));
  }
}

TEST_CASE("whoever is let through is found behind those who call our proxy") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  size_t heard = 0;
  where.gate.on_call = [&](fd, const flow&) { ++heard; };
  auto client = one.connect(somewhere(family::v4, 8080));
  auto packet = where.next_held();
  std::vector<fd> callers;
  while (callers.size() < 20)
    callers.push_back(one.connect({plan().proxy, proxy_port}));
  REQUIRE(where.pass(packet));
  CHECK(outcome(client) == 0);
  CHECK(where.until([&] { return heard == callers.size(); }));
}
