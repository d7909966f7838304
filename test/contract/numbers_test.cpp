/// Whom the numbers of published ports belong to.

#include "net/port/audit.hpp"
#include "net/socket_address.hpp"
#include "test/contract/ground.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

using namespace pier;
using namespace pier::contract;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

TEST_CASE("a number is reserved from birth to death") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random());
  auto at = port->bound()[0].host;
  auto kept = [&] {
    return on.rival(at) == EADDRINUSE && on.rival(at, true) == EADDRINUSE;
  };
  for (int round = 0; round < 2; ++round) {
    INFO("round " << round);
    CHECK(kept());
    REQUIRE(port->open(first_port));
    CHECK(kept());
    auto who = on.come(*port);
    CHECK(kept());
    port->park(first_port);
  }
  CHECK(kept());
  port.reset();
  CHECK(on.rival(at) == 0);
}

TEST_CASE("a UDP port that is to send headers is refused in words") {
  ground on{GENERATE(udp4, udp6)};
  auto spec = on.random();
  spec.proxy = proxy_protocol::v2;
  auto made = on.publish(spec);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ec::bad_request);
  CHECK_THAT(made.error().text, Contains("proxy_protocol=v2 is for TCP ports"));
}

TEST_CASE("a released number can be published again at once") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto numbers = on.free_numbers(1);
  for (int round = 0; round < 3; ++round) {
    INFO("round " << round);
    auto port = on.published(on.within(numbers, 1));
    REQUIRE(port->open(first_port));
    std::vector<arrival> heard;
    auto loan = on.borrow(*port, heard);
    auto who = on.come(*port);
    REQUIRE(on.until([&] { return !heard.empty(); }));
  }
}

TEST_CASE("a range is reserved whole or not at all") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto numbers = on.free_numbers(3);
  {
    auto rival = on.hold({on.home(), static_cast<uint16_t>(numbers.first + 2)});
    auto refused = on.publish(on.within(numbers, 3));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ec::address_in_use);
    CHECK(on.rival({on.home(), numbers.first}) == 0);
  }
  // Nothing is left in our own books either.
  auto port = on.published(on.within(numbers, 3));
  auto bound = port->bound();
  REQUIRE(bound.size() == 3);
  for (size_t i = 0; i < bound.size(); ++i) {
    CHECK(bound[i].host.port == numbers.first + i);
    CHECK(bound[i].container == first_port + i);
  }
}

TEST_CASE("one of a range is one that is free, until none is") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto numbers = on.free_numbers(3);
  auto spec = on.within(numbers, 1);
  auto rival = on.hold({on.home(), numbers.first});
  auto one = on.published(spec);
  auto two = on.published(spec);
  CHECK(one->bound()[0].host.port == numbers.first + 1);
  CHECK(two->bound()[0].host.port == numbers.first + 2);
  auto three = on.publish(spec);
  REQUIRE_FALSE(three);
  CHECK(three.error().code == ec::exhausted);
  CHECK(
    three.error().text
    == "all ports are allocated: none of " + std::to_string(numbers.first) + "-"
      + std::to_string(numbers.last) + " is free");
}

TEST_CASE("a conflict among containers names the one that has the port") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto first = on.publish(on.random(), "web");
  REQUIRE(first);
  auto at = (*first)->bound()[0].host;
  auto second = on.publish(on.within({at.port, at.port}, 1), "shop");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ec::port_allocated);
  CHECK_THAT(
    second.error().text,
    StartsWith(
      "Bind for " + to_string(at) + " failed: port is already allocated"));
  CHECK_THAT(second.error().text, Contains("container web"));
}

TEST_CASE("a conflict with a stranger names his program and its pid") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto numbers = on.free_numbers(1);
  endpoint at{on.home(), numbers.first};
  auto rival = on.hold(at);
  if (on.what.proto == protocol::tcp)
    REQUIRE(::listen(rival.get(), 1) == 0);
  auto refused = on.publish(on.within(numbers, 1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::address_in_use);
  CHECK_THAT(
    refused.error().text,
    StartsWith(
      "listen " + on.name() + " " + to_string(at)
      + ": bind: address already in use (held by "));
  CHECK_THAT(
    refused.error().text, Contains("pid " + std::to_string(::getpid()) + ")"));
}

TEST_CASE("numbers of one protocol are free for the other") {
  ground tcp{tcp4};
  ground udp{udp4};
  auto numbers = tcp.free_numbers(1);
  auto one = tcp.published(tcp.within(numbers, 1));
  auto two = udp.publish(udp.within(numbers, 1));
  CHECK(two);
}

TEST_CASE("the audit finds a port that is left, open or parked") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random(2));
  auto bound = port->bound();
  CHECK(net::audit_ports(bound).size() == 2);
  REQUIRE(port->open(first_port));
  auto left = net::audit_ports(bound);
  REQUIRE(left.size() == 2);
  auto text = std::string{to_string(on.what.proto)} + " "
    + to_string(bound[0].host) + " is still bound";
  CHECK((left[0] == text || left[1] == text));
  // A client that stays is no port that is left.
  auto who = on.come(*port);
  std::vector<arrival> heard;
  auto loan = on.borrow(*port, heard);
  REQUIRE(on.until([&] { return !heard.empty(); }));
  auto near_side = on.lobby.leave(heard[0].number);
  port.reset();
  CHECK(net::audit_ports(bound).empty());
}

TEST_CASE("a socket of the gateway that has a port's number is no leftover") {
  ground on{GENERATE(tcp4, tcp6)};
  INFO(on.name());
  auto port = on.published(on.random());
  auto bound = port->bound();
  REQUIRE(
    on.until([&] { return on.gate.has_socket(on.what.over, SOCK_STREAM); }));
  auto inner = on.gate.socket(on.what.over, SOCK_STREAM);
  REQUIRE(inner);
  auto at = net::to_kernel(
    endpoint{ip_address::any(on.what.over), bound[0].host.port});
  REQUIRE(::bind(inner->get(), at.data(), at.size) == 0);
  bound[0].host.ip = ip_address::any(on.what.over);
  port.reset();
  CHECK(net::audit_ports(bound).empty());
}

TEST_CASE("no program that is started inherits a port") {
  ground on{GENERATE(tcp4, tcp6, udp4, udp6)};
  INFO(on.name());
  auto port = on.published(on.random());
  std::vector<arrival> heard;
  auto loan = on.borrow(*port, heard);
  REQUIRE(port->open(first_port));
  on.settle();
  for (int i = 0; i < 256; ++i) {
    sockaddr_storage at{};
    socklen_t size = sizeof(at);
    if (::getsockname(i, reinterpret_cast<sockaddr*>(&at), &size) == 0)
      CHECK((at.ss_family == AF_UNIX || (::fcntl(i, F_GETFD) & FD_CLOEXEC)));
  }
}
