#include "net/socket_address.hpp"
#include "test/net/gateway/world.hpp"
#include "test/support/deadline.hpp"

#include <catch2/catch.hpp>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

using namespace pier;
using namespace pier::net;
using namespace pier::net::trials;

namespace {

std::optional<std::string>
hear(world& where, const fd& socket, std::chrono::milliseconds limit = 2s) {
  std::optional<std::string> out;
  where.until([&] { return (out = receive(socket)).has_value(); }, limit);
  return out;
}

/// The errno that a connected datagram socket was told.
int complaint(world& where, const fd& socket) {
  int why = 0;
  where.until([&] {
    char byte = 0;
    if (::recv(socket.get(), &byte, 1, MSG_DONTWAIT) < 0 && errno != EAGAIN)
      why = errno;
    return why != 0;
  });
  return why;
}

} // namespace

TEST_CASE("a passed datagram opens a flow in both directions") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(kind, 9000), SOCK_DGRAM);
  REQUIRE(send(client, "one"));
  auto packet = where.next_held();
  CHECK(packet.what.proto == protocol::udp);
  CHECK(packet.what.guest == local(client));
  CHECK(packet.what.peer == somewhere(kind, 9000));
  auto server = where.pass(packet);
  REQUIRE(server);
  CHECK(hear(where, *server) == "one");
  CHECK(local(*server) == somewhere(kind, 9000));
  CHECK(remote(*server) == local(client));

  REQUIRE(send(client, "two"));
  CHECK(hear(where, *server) == "two");
  // The client is connected: it hears its own peer only.
  REQUIRE(send(*server, "three"));
  CHECK(hear(where, client) == "three");
  CHECK(where.nothing_held());

  // When the flow is over, the next datagram asks anew.
  server->reset();
  REQUIRE(send(client, "four"));
  CHECK(where.next_held().what == packet.what);
}

TEST_CASE("two flows of one guest's socket stay apart") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.socket(family::v4, SOCK_DGRAM);
  auto send_to = [&](uint16_t port, const std::string& text) {
    auto to = to_kernel(somewhere(family::v4, port));
    return ::sendto(
      client.get(), text.data(), text.size(), 0, to.data(), to.size);
  };
  REQUIRE(send_to(1001, "a") == 1);
  auto first = where.pass(where.next_held());
  REQUIRE(send_to(1002, "b") == 1);
  auto second = where.pass(where.next_held());
  REQUIRE(first);
  REQUIRE(second);
  CHECK(hear(where, *first) == "a");
  CHECK(hear(where, *second) == "b");
  send_to(1001, "c");
  CHECK(hear(where, *first) == "c");
  CHECK_FALSE(hear(where, *second, 50ms));
}

TEST_CASE(
  "that a guest's socket is gone is told in whose name it was sent to") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(kind, 9000), SOCK_DGRAM);
  REQUIRE(send(client, "one"));
  auto server = where.pass(where.next_held());
  REQUIRE(server);
  client.reset();
  REQUIRE(send(*server, "anybody?"));
  CHECK(complaint(where, *server) == ECONNREFUSED);
}

TEST_CASE("datagrams wait behind the first one, in order, sixteen at most") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(family::v4, 9001), SOCK_DGRAM);
  for (char letter = 'a'; letter < 'a' + 26; ++letter)
    REQUIRE(send(client, {letter}));
  auto packet = where.next_held();
  CHECK(where.nothing_held());
  auto server = where.pass(packet);
  REQUIRE(server);
  std::string all;
  where.until([&] {
    all += receive(*server).value_or("");
    return all.size() == 17;
  });
  CHECK(all == "abcdefghijklmnopq");
  CHECK_FALSE(hear(where, *server, 50ms));
}

TEST_CASE("a datagram may be as long as IP allows") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(kind, 9002), SOCK_DGRAM);
  std::string big(65507, '\0');
  std::generate(big.begin(), big.end(), [n = 0]() mutable {
    return static_cast<char>(n++ % 251);
  });
  REQUIRE(send(client, big));
  auto packet = where.next_held();
  auto server = where.pass(packet);
  REQUIRE(server);
  auto there = hear(where, *server);
  CHECK((there && *there == big));
  REQUIRE(send(*server, big));
  auto back = hear(where, client);
  CHECK((back && *back == big));
  // And once more, past the gate.
  REQUIRE(send(client, big));
  there = hear(where, *server);
  CHECK((there && *there == big));
}

TEST_CASE("every refusal of a datagram reaches the guest in its own words") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto kind = GENERATE(family::v4, family::v6);
  auto v4 = kind == family::v4;
  for (auto [why, number] :
       {std::pair{ec::refused, ECONNREFUSED},
        std::pair{ec::host_unreachable, EHOSTUNREACH},
        std::pair{ec::network_unreachable, ENETUNREACH},
        std::pair{ec::forbidden, v4 ? EHOSTUNREACH : EACCES}}) {
    INFO(to_string(why) << (v4 ? " IPv4" : " IPv6"));
    auto client = one.connect(somewhere(kind, 9003), SOCK_DGRAM);
    // Linux tells UDP of unreachable hosts only those who ask to be told.
    int on = 1;
    if (v4)
      ::setsockopt(client.get(), SOL_IP, IP_RECVERR, &on, sizeof(on));
    else
      ::setsockopt(client.get(), SOL_IPV6, IPV6_RECVERR, &on, sizeof(on));
    REQUIRE(send(client, "anyone?"));
    auto packet = where.next_held();
    pier::trials::stopwatch watch;
    where.gate.reject(packet.id, why);
    CHECK(complaint(where, client) == number);
    CHECK(watch.elapsed() < 50ms);
  }
}

TEST_CASE("a flow that is open can be told of its peer's trouble") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(kind, 9004), SOCK_DGRAM);
  REQUIRE(send(client, "one"));
  auto packet = where.next_held();
  auto server = where.pass(packet);
  REQUIRE(server);
  where.gate.report(packet.what, ec::refused);
  CHECK(complaint(where, client) == ECONNREFUSED);
}

TEST_CASE("the host's address hears datagrams like any other") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  endpoint host{kind == family::v4 ? plan().host : plan().host6, 123};
  auto client = one.connect(host, SOCK_DGRAM);
  REQUIRE(send(client, "time?"));
  auto packet = where.next_held();
  CHECK(packet.what.peer == host);
  auto server = where.pass(packet);
  REQUIRE(server);
  CHECK(hear(where, *server) == "time?");
  REQUIRE(send(*server, "now"));
  CHECK(hear(where, client) == "now");
}

TEST_CASE("what is for many or for the link alone never reaches the gate") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto shout = [&](const char* text) {
    auto ip = *ip_address::parse(text);
    auto socket = one.socket(ip.kind(), SOCK_DGRAM);
    int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
    auto to = to_kernel({ip, 5353});
    if (!ip.is_v4()) {
      sockaddr_in6 in{};
      std::memcpy(&in, &to.storage, sizeof(in));
      in.sin6_scope_id = 2; // eth0 comes after lo
      std::memcpy(&to.storage, &in, sizeof(in));
    }
    return ::sendto(socket.get(), "hey", 3, 0, to.data(), to.size);
  };
  for (const auto* to :
       {"224.0.0.251", "255.255.255.255", "192.168.65.255", "169.254.169.254",
        "ff02::fb", "fe80::1"}) {
    INFO(to);
    CHECK(shout(to) == 3);
  }
  CHECK(where.nothing_held());
}
