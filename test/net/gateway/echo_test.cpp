#include "test/net/gateway/world.hpp"

#include <catch2/catch.hpp>
#include <netinet/in.h>

using namespace pier;
using namespace pier::net;
using namespace pier::net::trials;

namespace {

/// A ping socket of the guest: its kernel fills in number and checksum, and
/// hears only answers that fit.
struct pinger {
  pinger(guest& who, const endpoint& to)
    : v4(to.ip.is_v4()),
      socket(who.connect(
        to, SOCK_DGRAM, v4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6})) {}

  bool ask(const std::string& payload, uint16_t sequence) {
    std::string message(8, '\0');
    message[0] = static_cast<char>(v4 ? 8 : 128);
    message[6] = static_cast<char>(sequence >> 8);
    message[7] = static_cast<char>(sequence & 0xff);
    return send(socket, message + payload);
  }

  bool v4;
  fd socket;
};

} // namespace

TEST_CASE("a ping is answered in the name of whom it was sent to") {
  auto kind = GENERATE(family::v4, family::v6);
  auto size = GENERATE(0U, 56U, 1400U, 8000U);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto v4 = kind == family::v4;
  pinger ping{one, somewhere(kind, 0)};
  std::string payload(size, 'p');
  REQUIRE(ping.ask(payload, 7));
  auto packet = where.next_held();
  CHECK(packet.what.proto == protocol::icmp);
  CHECK(packet.what.guest.ip == one.address(kind));
  CHECK(packet.what.peer.ip == somewhere(kind, 0).ip);
  CHECK(packet.echo_sequence == 7);
  CHECK(packet.echo_payload.size() == payload.size());
  CHECK_FALSE(receive(ping.socket));
  where.gate.answer_echo(packet.id);
  std::optional<std::string> heard;
  REQUIRE(
    where.until([&] { return (heard = receive(ping.socket)).has_value(); }));
  REQUIRE(heard->size() == payload.size() + 8);
  CHECK(static_cast<unsigned char>((*heard)[0]) == (v4 ? 0 : 129));
  CHECK((*heard)[7] == 7);
  CHECK(heard->substr(8) == payload);
}

TEST_CASE("a ping that nobody answers stays unanswered") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  pinger ping{one, somewhere(kind, 0)};
  REQUIRE(ping.ask("x", 1));
  auto packet = where.next_held();
  where.gate.reject(packet.id, ec::timed_out);
  CHECK(where.nothing_held());
  CHECK_FALSE(receive(ping.socket));
}

TEST_CASE("the gateway answers a ping of its own by itself") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto v4 = kind == family::v4;
  pinger ping{one, {v4 ? plan().gateway : plan().gateway6, 0}};
  REQUIRE(ping.ask("x", 1));
  CHECK(where.until([&] { return receive(ping.socket).has_value(); }));
  CHECK(where.held.empty());
}
