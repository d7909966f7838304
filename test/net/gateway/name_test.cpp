/// What a guest meets that is called in somebody else's name.

#include "net/circuit/introduction.hpp"
#include "net/socket_address.hpp"
#include "test/net/gateway/world.hpp"

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <cstring>

using namespace pier;
using namespace pier::net;
using namespace pier::net::trials;

namespace {

/// A socket of the gateway that has this name.
fd named(world& where, const endpoint& name, int type) {
  REQUIRE(
    where.until([&] { return where.gate.has_socket(name.ip.kind(), type); }));
  auto made = where.gate.socket(name.ip.kind(), type);
  REQUIRE(made);
  REQUIRE(take_name(made->get(), name));
  return std::move(*made);
}

int call(const fd& from, const endpoint& to) {
  auto address = to_kernel(to);
  auto status = ::connect(from.get(), address.data(), address.size);
  return status == 0 || errno == EINPROGRESS ? 0 : errno;
}

std::string hear(world& where, const fd& socket) {
  std::optional<std::string> heard;
  REQUIRE(where.until([&] { return (heard = receive(socket)).has_value(); }));
  return *heard;
}

} // namespace

TEST_CASE("a guest sees in whose name it is called, and answers there") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  endpoint at{one.address(kind), 80};
  auto name = somewhere(kind, 4711);
  SECTION("by TCP") {
    auto listener = one.listen(at);
    auto client = named(where, name, SOCK_STREAM);
    REQUIRE(call(client, at) == 0);
    REQUIRE(where.until([&] { return outcome(client).has_value(); }));
    CHECK(outcome(client) == 0);
    fd server{::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK)};
    REQUIRE(server);
    CHECK(remote(server) == name);
    REQUIRE(send(server, "answer"));
    CHECK(hear(where, client) == "answer");
  }
  SECTION("by UDP") {
    auto server = one.socket(kind, SOCK_DGRAM);
    auto own = to_kernel(at);
    REQUIRE(::bind(server.get(), own.data(), own.size) == 0);
    auto client = named(where, name, SOCK_DGRAM);
    REQUIRE(call(client, at) == 0);
    REQUIRE(send(client, "question"));
    socket_address from;
    char byte = 0;
    REQUIRE(where.until([&] {
      return ::recvfrom(
               server.get(), &byte, 1, MSG_DONTWAIT, from.data(), &from.size)
        == 1;
    }));
    CHECK(from_kernel(from) == name);
    REQUIRE(::sendto(server.get(), "x", 1, 0, from.data(), from.size) == 1);
    CHECK(hear(where, client) == "x");
  }
  SECTION("and its no is heard, too") {
    auto client = named(where, name, SOCK_STREAM);
    REQUIRE(call(client, at) == 0);
    std::optional<int> why;
    CHECK(where.until([&] { return (why = outcome(client)).has_value(); }));
    CHECK(why == ECONNREFUSED);
  }
  CHECK(where.nothing_held());
}

TEST_CASE("a name is for many guests, and once for each") {
  auto kind = GENERATE(family::v4, family::v6);
  world where;
  guest one{where, 3};
  guest two{where, 4};
  REQUIRE(one.plug());
  REQUIRE(two.plug());
  endpoint at_one{one.address(kind), 80};
  endpoint at_two{two.address(kind), 80};
  auto first = one.listen(at_one);
  auto second = two.listen(at_two);
  auto name = somewhere(kind, 4711);
  auto client = named(where, name, SOCK_STREAM);
  auto other = named(where, name, SOCK_STREAM);
  auto late = named(where, name, SOCK_STREAM);
  CHECK(call(client, at_one) == 0);
  CHECK(call(other, at_two) == 0);
  CHECK(call(late, at_one) == EADDRNOTAVAIL);
  CHECK(where.until([&] { return outcome(client) == 0; }));
  CHECK(where.until([&] { return outcome(other) == 0; }));
}

TEST_CASE("a guest that answers a call which was given up is reset") {
  world where;
  guest one{where, 3};
  REQUIRE(one.plug());
  auto raw = one.connect(
    {somewhere(family::v6, 0).ip, 0}, SOCK_RAW, IPPROTO_TCP);
  int checksum_at = offsetof(tcphdr, th_sum);
  REQUIRE(
    ::setsockopt(
      raw.get(), IPPROTO_IPV6, IPV6_CHECKSUM, &checksum_at, sizeof(checksum_at))
    == 0);
  tcphdr yes{};
  yes.th_sport = htons(80);
  yes.th_dport = htons(4711);
  yes.th_seq = htonl(1000);
  yes.th_ack = htonl(2000);
  yes.th_off = sizeof(yes) / 4;
  yes.th_flags = TH_SYN | TH_ACK;
  REQUIRE(::send(raw.get(), &yes, sizeof(yes), 0) == sizeof(yes));
  tcphdr answer{};
  REQUIRE(where.until([&] {
    return ::recv(raw.get(), &answer, sizeof(answer), MSG_DONTWAIT)
      == sizeof(answer);
  }));
  CHECK(answer.th_flags == TH_RST);
  CHECK(answer.th_seq == htonl(2000));
}
