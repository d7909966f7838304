#include "net/socket_address.hpp"
#include "test/net/gateway/world.hpp"
#include "test/support/deadline.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <vector>

using namespace pier;
using namespace pier::net;
using namespace pier::net::trials;

namespace {

constexpr auto prompt = 50ms;
/// A guest's kernel sends its SYN again after a second.
constexpr auto one_retransmission = 1500ms;

/// The transparent listener's port, out of the gateway's own table.
uint16_t listener_port(world& where) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  fd reader{ends[0]};
  fd writer{ends[1]};
  where.run_in(where.gate.network_namespace(), [&] {
    std::ifstream table{"/proc/self/net/tcp"};
    std::string line;
    unsigned port = 0;
    while (port == 0 && std::getline(table, line))
      if (
        std::sscanf(line.c_str(), " %*d: 00000000:%x 00000000:0000 0A", &port)
        != 1)
        port = 0;
    auto found = static_cast<uint16_t>(port);
    return ::write(writer.get(), &found, sizeof(found)) == sizeof(found) ? 0
                                                                         : 1;
  });
  uint16_t out = 0;
  REQUIRE(::read(reader.get(), &out, sizeof(out)) == sizeof(out));
  REQUIRE(out != 0);
  return out;
}

} // namespace

TEST_CASE("a passed SYN becomes a connection with both ends' own addresses") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(kind, 8080));
  auto packet = where.next_held();
  CHECK(packet.id != 0);
  CHECK(packet.what.way == direction::outbound);
  CHECK(packet.what.proto == protocol::tcp);
  CHECK(packet.what.peer == somewhere(kind, 8080));
  CHECK(packet.what.guest == local(client));
  CHECK(packet.what.guest.ip == one.address(kind));
  CHECK_FALSE(outcome(client));

  auto server = where.pass(packet);
  REQUIRE(server);
  CHECK(local(*server) == somewhere(kind, 8080));
  CHECK(remote(*server) == local(client));
  REQUIRE(where.until([&] { return outcome(client).has_value(); }));
  CHECK(*outcome(client) == 0);

  REQUIRE(send(client, "question"));
  std::optional<std::string> heard;
  CHECK(where.until([&] { return (heard = receive(*server)).has_value(); }));
  CHECK(heard == "question");
  ::shutdown(client.get(), SHUT_WR);
  CHECK(where.until([&] { return receive(*server) == ""; }));
  REQUIRE(send(*server, "answer"));
  CHECK(where.until([&] { return (heard = receive(client)).has_value(); }));
  CHECK(heard == "answer");
}

TEST_CASE("every refusal of a connection reaches the guest in its own words") {
  struct word {
    ec why;
    int v4, v6;
  };
  auto said = GENERATE(
    word{ec::refused, ECONNREFUSED, ECONNREFUSED},
    word{ec::host_unreachable, EHOSTUNREACH, EHOSTUNREACH},
    word{ec::network_unreachable, ENETUNREACH, ENETUNREACH},
    // The kernel's own translations of "administratively prohibited".
    word{ec::forbidden, EHOSTUNREACH, EACCES});
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  for (auto kind : {family::v4, family::v6}) {
    INFO(to_string(said.why) << " IPv" << (kind == family::v4 ? 4 : 6));
    auto client = one.connect(somewhere(kind, 81));
    auto packet = where.next_held();
    pier::trials::stopwatch watch;
    where.gate.reject(packet.id, said.why);
    std::optional<int> why;
    CHECK(where.until([&] { return (why = outcome(client)).has_value(); }));
    CHECK(watch.elapsed() < prompt);
    CHECK(why == (kind == family::v4 ? said.v4 : said.v6));
  }
}

TEST_CASE("of many that come and are refused at once nobody is forgotten") {
  constexpr uint16_t many = 50;
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  std::vector<fd> clients;
  for (uint16_t i = 0; i < many; ++i)
    clients.push_back(
      one.connect(somewhere(family::v4, static_cast<uint16_t>(100 + i))));
  REQUIRE(where.until([&] { return where.held.size() == many; }));
  pier::trials::stopwatch watch;
  for (const auto& each : where.held)
    where.gate.reject(each.id, ec::refused);
  for (const auto& client : clients)
    CHECK(where.until([&] { return outcome(client) == ECONNREFUSED; }));
  CHECK(watch.elapsed() < prompt);
}

TEST_CASE("a SYN that is sent again waits with its first one") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(kind, 82));
  auto packet = where.next_held();
  CHECK_FALSE(
    where.until([&] { return !where.held.empty(); }, one_retransmission));
  CHECK(where.pass(packet));
  CHECK(where.until([&] { return outcome(client) == 0; }));
}

TEST_CASE("a SYN that is met with silence may be tried again") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(family::v4, 83));
  auto first = where.next_held();
  where.gate.reject(first.id, ec::timed_out);
  auto second = where.next_held();
  CHECK(second.what == first.what);
  CHECK(second.id != first.id);
  CHECK_FALSE(outcome(client));
}

TEST_CASE("only the first verdict counts") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(family::v4, 84));
  auto packet = where.next_held();
  auto server = where.pass(packet);
  CHECK(server);
  where.gate.reject(packet.id, ec::refused);
  where.gate.reject(4711, ec::refused);
  auto again = where.pass(packet);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ec::timed_out);
  CHECK(where.until([&] { return outcome(client) == 0; }));
}

TEST_CASE("a guest that has given up is not waited for without end") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(family::v4, 85));
  auto packet = where.next_held();
  client.reset();
  auto server = where.pass(packet);
  REQUIRE_FALSE(server);
  CHECK(server.error().code == ec::timed_out);
}

TEST_CASE("the listener's own port is no way around the gate") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto port = listener_port(where);
  auto client = one.connect(somewhere(family::v4, port));
  auto packet = where.next_held();
  CHECK(packet.what.peer == somewhere(family::v4, port));
  CHECK_FALSE(outcome(client));
  where.gate.reject(packet.id, ec::refused);
  CHECK(where.until([&] { return outcome(client) == ECONNREFUSED; }));

  // And at the gateway's own address it is as good as closed.
  auto intruder = one.connect({plan().gateway, port});
  CHECK(where.until([&] { return outcome(intruder) == ECONNREFUSED; }));
  CHECK(where.held.empty());
}

TEST_CASE("a connection without a listener is refused by the gateway itself") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect({plan().gateway, 81});
  CHECK(where.until([&] { return outcome(client) == ECONNREFUSED; }));
  CHECK(where.held.empty());
}

TEST_CASE("a connection to the host's address is held like any other") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  endpoint host{kind == family::v4 ? plan().host : plan().host6, 5432};
  auto client = one.connect(host);
  auto packet = where.next_held();
  CHECK(packet.what.peer == host);
  auto server = where.pass(packet);
  REQUIRE(server);
  CHECK(local(*server) == host);
}

TEST_CASE("a server that ends is heard as a reset, not as silence") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto client = one.connect(somewhere(family::v4, 86));
  auto server = where.pass(where.next_held());
  REQUIRE(server);
  REQUIRE(where.until([&] { return outcome(client) == 0; }));
  linger at_once{1, 0};
  ::setsockopt(server->get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  server->reset();
  CHECK(where.until([&] { return is_reset(client); }));
}

TEST_CASE("the DNS sockets hear the guests at the gateway's address") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto v4 = kind == family::v4;
  endpoint at{v4 ? plan().gateway : plan().gateway6, 53};
  auto dns = where.gate.dns();

  auto stream = one.connect(at);
  REQUIRE(where.until([&] { return outcome(stream) == 0; }));
  fd served{
    ::accept4(v4 ? dns.tcp4 : dns.tcp6, nullptr, nullptr, SOCK_CLOEXEC)};
  REQUIRE(served);
  CHECK(remote(served).ip == one.address(kind));

  auto datagrams = one.connect(at, SOCK_DGRAM);
  REQUIRE(send(datagrams, "query"));
  std::array<char, 16> buffer{};
  socket_address from;
  ssize_t got = -1;
  CHECK(where.until([&] {
    got = ::recvfrom(
      v4 ? dns.udp4 : dns.udp6, buffer.data(), buffer.size(), 0, from.data(),
      &from.size);
    return got >= 0;
  }));
  CHECK(std::string(buffer.data(), 5) == "query");
  CHECK(from_kernel(from) == local(datagrams));
  CHECK(where.held.empty());
}
