#include "net/relay/proxy_header.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace std::string_literals;

namespace {

endpoint at(const char* ip, uint16_t port) {
  return {*ip_address::parse(ip), port};
}

const auto begin = "\x0d\x0a\x0d\x0a\x00\x0d\x0a\x51\x55\x49\x54\x0a\x21"s;

} // namespace

TEST_CASE("A header of IPv4 has twelve bytes of addresses") {
  CHECK(
    net::proxy_header(
      protocol::tcp, at("192.0.2.1", 0x1234), at("10.0.0.7", 80))
    == begin + "\x11\x00\x0c\xc0\x00\x02\x01\x0a\x00\x00\x07\x12\x34\x00\x50"s);
}

TEST_CASE("A header of IPv6 has thirty-six bytes of addresses") {
  auto one = std::string(15, '\0') + "\x01";
  auto two = "\xfd"s + std::string(14, '\0') + "\x02";
  CHECK(
    net::proxy_header(protocol::tcp, at("::1", 1), at("fd00::2", 0xffff))
    == begin + "\x21\x00\x24"s + one + two + "\x00\x01\xff\xff"s);
}

TEST_CASE("A header says whether a client sends datagrams") {
  auto stream = net::proxy_header(protocol::tcp, at("::1", 1), at("::1", 2));
  auto packets = net::proxy_header(protocol::udp, at("::1", 1), at("::1", 2));
  CHECK(stream[13] == 0x21);
  CHECK(packets[13] == 0x22);
  CHECK(stream.substr(14) == packets.substr(14));
}

TEST_CASE("Addresses of two families are both of IPv6 in a header") {
  auto mixed = net::proxy_header(
    protocol::tcp, at("192.0.2.1", 1), at("::1", 2));
  auto mapped = std::string(10, '\0') + "\xff\xff\xc0\x00\x02\x01"s;
  CHECK(mixed.size() == 16 + 36);
  CHECK(mixed.substr(16, 16) == mapped);
}

TEST_CASE("A header of a Unix socket has both names at their full length") {
  auto made = net::unix_proxy_header("", "/run/x.sock");
  CHECK(made.substr(0, 16) == begin + "\x31\x00\xd8"s);
  CHECK(made.size() == 16 + 216);
  CHECK(made.substr(16, 108) == std::string(108, '\0'));
  CHECK(made.substr(124) == "/run/x.sock" + std::string(97, '\0'));
}

TEST_CASE("A name that is too long for a socket is cut in a header") {
  auto made = net::unix_proxy_header(std::string(200, 'a'), "");
  CHECK(made.size() == 16 + 216);
  CHECK(made.substr(16) == std::string(108, 'a') + std::string(108, '\0'));
}

TEST_CASE("A header of an echo request says nothing of its client") {
  CHECK(
    net::proxy_header(protocol::icmp, at("::1", 1), at("::1", 2))
    == begin + "\x00\x00\x00"s);
}
