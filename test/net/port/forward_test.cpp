/// Static forwards with real sockets, and neither a gateway nor a privilege.

#include "test/net/port/road.hpp"

#include <catch2/catch.hpp>
#include <sys/socket.h>

#include <array>
#include <cerrno>

using namespace pier;
using namespace pier::trials;

TEST_CASE("a forward carries both ways between ports and Unix sockets") {
  road on;
  auto at = GENERATE(false, true) ? on.unix_place("here") : on.place();
  server target{GENERATE(false, true) ? on.unix_door("there") : on.tcp_door()};
  INFO(to_string(at) << " to " << target.where().path);
  auto port = on.opened(at);
  auto loan = on.lead(
    *port, target.where().at, {false, target.where().path, false});
  conversation talk{on, at, target};
  auto& [client, far] = talk;
  client.say("question");
  CHECK(on.hears(far, "question"));
  far.say("answer");
  CHECK(on.hears(client, "answer"));
  // Half is closed: the other half goes on.
  client.say_no_more();
  CHECK(on.until([&] {
    far.listen();
    return far.finished;
  }));
  far.say(" and more");
  CHECK(on.hears(client, "answer and more"));
}

TEST_CASE("whoever is led to nobody is reset at once") {
  road on;
  auto at = on.place();
  auto port = on.opened(at);
  std::shared_ptr<void> loan;
  SECTION("at a port") {
    loan = on.lead(*port, {road::home(), on.place().port}, {});
  }
  SECTION("at a Unix socket that is not there") {
    loan = on.lead(*port, {}, {false, on.unix_door("nobody").path, false});
  }
  SECTION("at a Unix socket whose process has died") {
    server{on.unix_door("dead")};
    loan = on.lead(*port, {}, {false, on.unix_door("dead").path, false});
  }
  peer client{on.call(at)};
  CHECK(on.until([&] {
    client.listen();
    return client.why != 0 || client.finished;
  }));
  CHECK(client.why == ECONNRESET);
}

TEST_CASE("a reset of one side is a reset of the other") {
  road on;
  auto at = on.place();
  server target{on.tcp_door()};
  auto port = on.opened(at);
  auto loan = on.lead(*port, target.where().at, {});
  conversation talk{on, at, target};
  auto& [client, far] = talk;
  far.say("x");
  CHECK(on.hears(client, "x"));
  auto client_first = GENERATE(true, false);
  auto& first = client_first ? client : far;
  auto& second = client_first ? far : client;
  first.vanish();
  CHECK(on.until([&] {
    second.listen();
    return second.why != 0 || second.finished;
  }));
  CHECK(second.why == ECONNRESET);
}

TEST_CASE("the target is told first who its client is, if it is to be") {
  road on;
  auto at = GENERATE(false, true) ? on.unix_place("here") : on.place();
  server target{GENERATE(false, true) ? on.unix_door("there") : on.tcp_door()};
  auto port = on.opened(at);
  auto loan = on.lead(
    *port, target.where().at, {false, target.where().path, true});
  conversation talk{on, at, target};
  auto& [client, far] = talk;
  client.say("question");
  size_t size = at.is_unix() ? 16 + 216 : 16 + 12;
  CHECK(on.until([&] {
    far.listen();
    return far.heard.size() >= size + 8;
  }));
  CHECK(far.heard.substr(size) == "question");
  CHECK(far.heard.substr(12, 2) == (at.is_unix() ? "\x21\x31" : "\x21\x11"));
  if (at.is_unix()) {
    auto name = at.path + std::string(108 - at.path.size(), '\0');
    CHECK(far.heard.substr(16, 216) == std::string(108, '\0') + name);
  } else {
    auto bytes_of = [](const ip_address& ip) {
      return std::string(ip.bytes().begin(), ip.bytes().begin() + 4);
    };
    CHECK(far.heard.substr(16, 4) == bytes_of(on.arrivals[0].peer.ip));
    CHECK(far.heard.substr(20, 4) == bytes_of(road::home()));
    auto port_of = [&](size_t place) {
      return static_cast<uint8_t>(far.heard[place]) << 8
        | static_cast<uint8_t>(far.heard[place + 1]);
    };
    CHECK(port_of(24) == on.arrivals[0].peer.port);
    CHECK(port_of(26) == at.port);
  }
}

TEST_CASE("datagrams go to a host and back") {
  road on;
  auto at = on.place(protocol::udp);
  auto to = on.place(protocol::udp);
  auto target = make_socket(AF_INET, SOCK_DGRAM);
  auto address = net::to_kernel(endpoint{*to.ip, to.port});
  REQUIRE(::bind(target.get(), address.data(), address.size) == 0);
  auto port = on.opened(at);
  auto loan = on.lead(*port, {*to.ip, to.port}, {});
  peer client{on.call(at)};
  client.say("question");
  net::socket_address from;
  std::array<char, 64> room{};
  ssize_t got = -1;
  CHECK(on.until([&] {
    from.size = sizeof(from.storage);
    got = ::recvfrom(
      target.get(), room.data(), room.size(), 0, from.data(), &from.size);
    return got > 0;
  }));
  CHECK(std::string(room.data(), static_cast<size_t>(got)) == "question");
  ::sendto(target.get(), "answer", 6, 0, from.data(), from.size);
  CHECK(on.hears(client, "answer"));
}

TEST_CASE("nobody is let in before a forward is opened, nor after it") {
  road on;
  auto at = GENERATE(false, true) ? on.unix_place("here") : on.place();
  auto refused = at.is_unix() ? ENOENT : ECONNREFUSED;
  auto made = on.reserve(at);
  REQUIRE(made);
  CHECK(on.answer(on.call(at)) == refused);
  CHECK((*made)->open(at.port));
  CHECK(on.answer(on.call(at)) == 0);
  made->reset();
  CHECK(on.answer(on.call(at)) == refused);
  CHECK(on.reserve(at));
}

TEST_CASE("clients of a forward that nobody has borrowed wait") {
  road on;
  auto at = GENERATE(false, true) ? on.unix_place("here") : on.place();
  server target{on.tcp_door()};
  auto port = on.opened(at);
  peer client{on.call(at)};
  client.say("early");
  auto loan = on.lead(*port, target.where().at, {});
  net::fd far;
  REQUIRE(on.until([&] { return static_cast<bool>(far = target.take()); }));
  peer other{std::move(far)};
  CHECK(on.hears(other, "early"));
}

TEST_CASE("two forwards of one place: the second one is refused, and by whom") {
  road on;
  auto at = on.place();
  auto one = on.opened(at);
  auto two = on.reserve(at);
  REQUIRE_FALSE(two);
  CHECK(
    two.error().text
    == "Bind for " + to_string(endpoint{*at.ip, at.port})
      + " failed: port is already allocated (by forward " + to_string(at)
      + ")");
}
