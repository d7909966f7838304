/// What clients of a published port meet, whatever its protocol and family.

#include "test/contract/ground.hpp"

#include <catch2/catch.hpp>

#include <cerrno>

using namespace pier;
using namespace pier::contract;

TEST_CASE("a parked port refuses as a port that nobody has") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random());
  CHECK(on.refuses(*port));
  std::vector<arrival> heard;
  auto loan = on.borrow(*port, heard);
  CHECK(on.refuses(*port));
  on.settle();
  CHECK(heard.empty());
}

TEST_CASE("a client of an open port is announced by its own address") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random(2));
  std::vector<arrival> heard;
  auto loan = on.borrow(*port, heard);
  REQUIRE(port->open(first_port + 1));
  auto who = on.come(*port, 1);
  REQUIRE(on.until([&] { return !heard.empty(); }));
  CHECK(heard[0].what.way == direction::inbound);
  CHECK(heard[0].what.proto == on.what.proto);
  CHECK(heard[0].what.guest.port == first_port + 1);
  CHECK(heard[0].what.peer == who.own());
  CHECK(who.answer() == 0);
  CHECK(on.lobby.size() == 1);
}

TEST_CASE("of a range only what is open lets clients in") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random(3));
  REQUIRE(port->open(first_port + 1));
  CHECK(on.refuses(*port, 0));
  CHECK(on.admits(*port, 1));
  CHECK(on.refuses(*port, 2));
}

TEST_CASE("a client that comes while nobody has borrowed the port waits") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random());
  std::vector<arrival> heard;
  SECTION("for the first borrower") {
    REQUIRE(port->open(first_port));
  }
  SECTION("for the next one") {
    auto loan = on.borrow(*port, heard);
    REQUIRE(port->open(first_port));
    on.settle();
  }
  auto who = on.come(*port);
  REQUIRE(on.until([&] { return who.answer().has_value(); }));
  CHECK(who.answer() == 0);
  on.settle();
  CHECK(heard.empty());
  auto loan = on.borrow(*port, heard);
  REQUIRE(on.until([&] { return !heard.empty(); }));
  CHECK(heard[0].what.peer == who.own());
  CHECK(who.answer() == 0);
}

TEST_CASE("a backlog that grows lets in who comes after that") {
  ground on{GENERATE(tcp4, tcp6)};
  INFO(on.name());
  port_settings by;
  by.backlog = 1;
  auto port = on.published(on.random());
  port->adopt(by);
  REQUIRE(port->open(first_port));
  std::vector<client> waiting;
  auto is_let_in = [&] {
    waiting.push_back(on.come(*port));
    on.settle();
    return waiting.back().answer() == 0;
  };
  CHECK(is_let_in());
  CHECK(is_let_in()); // The kernel has room for one more than it is told.
  CHECK_FALSE(is_let_in());
  by.backlog = 16;
  port->adopt(by);
  CHECK(is_let_in());
  CHECK(is_let_in());
}

TEST_CASE("a port opens and parks as often as one likes") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random());
  std::vector<arrival> heard;
  auto loan = on.borrow(*port, heard);
  for (size_t round = 1; round <= 3; ++round) {
    REQUIRE(port->open(first_port));
    auto who = on.come(*port);
    CHECK(on.until([&] { return heard.size() == round; }));
    CHECK(heard.back().what.peer == who.own());
    port->park(first_port);
    CHECK(on.refuses(*port));
  }
  CHECK(heard.size() == 3);
}

TEST_CASE("a client that was let in stays when its port parks") {
  ground on{GENERATE(tcp4, tcp6)};
  INFO(on.name());
  auto port = on.published(on.random());
  std::vector<arrival> heard;
  auto loan = on.borrow(*port, heard);
  REQUIRE(port->open(first_port));
  auto who = on.come(*port);
  REQUIRE(on.until([&] { return !heard.empty(); }));
  port->park(first_port);
  on.settle();
  CHECK(who.answer() == 0);
  CHECK(who.say("still here"));
  CHECK(on.lobby.size() == 1);
}

TEST_CASE("whom nobody claims is refused when his port goes") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random());
  std::vector<arrival> heard;
  auto loan = on.borrow(*port, heard);
  REQUIRE(port->open(first_port));
  auto who = on.come(*port);
  REQUIRE(on.until([&] { return !heard.empty(); }));
  port.reset();
  on.settle();
  CHECK(on.lobby.size() == 0);
  if (on.what.proto == protocol::udp) {
    CHECK(who.say("anybody?"));
    CHECK(who.answer() == ECONNREFUSED);
  } else {
    CHECK(who.answer() == ECONNRESET);
  }
}

TEST_CASE("a UDP client is announced once for each conversation") {
  ground on{GENERATE(udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random());
  std::vector<arrival> heard;
  auto loan = on.borrow(*port, heard);
  REQUIRE(port->open(first_port));
  auto who = on.come(*port);
  who.say("more");
  REQUIRE(on.until([&] { return !heard.empty(); }));
  who.say("and more");
  on.settle();
  CHECK(heard.size() == 1);

  auto first = on.lobby.leave(heard[0].number);
  REQUIRE(first);
  auto circuit = first->become_circuit([](const circuit_event&) {});
  circuit->refuse(ec::refused);
  who.say("once more");
  REQUIRE(on.until([&] { return heard.size() == 2; }));

  SECTION("and the end of the first one does not end the next") {
    circuit.reset();
    who.say("and go on");
    on.settle();
    CHECK(heard.size() == 2);
  }
}
