#include "net/capture/port_filter.hpp"
#include "tools/pier/capture/filter.hpp"

#include <catch2/catch.hpp>
#include <pcap/pcap.h>

#include <array>

using namespace pier;
using namespace pier::cli;

namespace {

constexpr uint32_t all_of_it = 262'144;

/// A TCP packet as an Ethernet carries it.
std::string packet(
  const std::string& from, uint16_t from_port, const std::string& to,
  uint16_t to_port) {
  std::string out(12, '\x02');
  auto add = [&](std::initializer_list<int> bytes) {
    for (auto each : bytes)
      out.push_back(static_cast<char>(each));
  };
  auto add_address = [&](const std::string& text) {
    auto bytes = ip_address::parse(text)->bytes();
    for (size_t i = 0; i < 4; ++i)
      out.push_back(static_cast<char>(bytes[i]));
  };
  add({8, 0, 69, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0});
  add_address(from);
  add_address(to);
  add({from_port >> 8, from_port & 0xff, to_port >> 8, to_port & 0xff});
  out.resize(54);
  return out;
}

/// How many bytes of it are let in.
unsigned let_in(const std::string& filter, const std::string& what) {
  auto program = compile_filter(filter, all_of_it);
  REQUIRE(program.has_value());
  std::vector<bpf_insn> code;
  for (const auto& each : *program)
    code.push_back({each.code, each.jt, each.jf, each.k});
  auto size = static_cast<unsigned>(what.size());
  return ::bpf_filter(
    code.data(), reinterpret_cast<const u_char*>(what.data()), size, size);
}

std::string refusal(const std::string& filter) {
  auto made = compile_filter(filter, all_of_it);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == ec::bad_request);
  return made.error().text;
}

std::string port_80() {
  lease of{
    3, *ip_address::parse("192.168.65.3"),
    *ip_address::parse("fd07:b51a:cc66::3"), 1};
  return net::port_filter(net::plan_network({}), of, protocol::tcp, 80);
}

} // namespace

TEST_CASE("no filter lets everything in, up to where packets are cut") {
  auto any = packet("192.168.65.3", 4711, "10.0.0.1", 443);
  CHECK(let_in("", any) == all_of_it);
  CHECK(let_in("tcp port 443", any) == all_of_it);
  CHECK(let_in("udp", any) == 0);
  auto cut = compile_filter("", 96);
  REQUIRE(cut.has_value());
  REQUIRE(cut->size() == 1);
  CHECK(cut->front().k == 96);
}

TEST_CASE("a wrong filter is told in libpcap's words, with its text") {
  auto text = refusal("tcp prot 80");
  CHECK(text.find("--filter \"tcp prot 80\": ") == 0);
  CHECK(text.find("syntax error") != text.npos);
  CHECK(text.find("pcap-filter") != text.npos);
  CHECK(refusal("tcp port http\x1b[2J").find('\x1b') == std::string::npos);
}

TEST_CASE("hostile filters are refused, and end") {
  CHECK(
    refusal(std::string(9000, '(')).find("9000 bytes") != std::string::npos);
  refusal(std::string(8000, '('));
  std::string many = "host 10.0.0.1";
  for (int i = 2; many.size() < 8000; ++i)
    many += " or host 10.0." + std::to_string(i / 250) + "."
      + std::to_string(i % 250);
  static_cast<void>(compile_filter(many, all_of_it));
}

TEST_CASE("of a port both ways are let in, and nobody else's") {
  const std::string own = "192.168.65.3", gateway = "192.168.65.1";
  auto let = [](const std::string& what) {
    return let_in(port_80(), what) > 0;
  };
  CHECK(let(packet(gateway, 4711, own, 80)));
  CHECK(let(packet(own, 80, gateway, 4711)));
  // With source=preserve the client has its own name.
  CHECK(let(packet("10.0.0.7", 4711, own, 80)));
  CHECK(let(packet(own, 80, "10.0.0.7", 4711)));
  CHECK_FALSE(let(packet("192.168.65.4", 4711, own, 80)));
  CHECK_FALSE(let(packet(own, 80, "192.168.65.4", 4711)));
  CHECK_FALSE(let(packet(own, 4711, "10.0.0.7", 80)));
  CHECK_FALSE(let(packet(gateway, 4711, own, 81)));
  CHECK_FALSE(let(packet(gateway, 4711, "192.168.65.5", 80)));
}

TEST_CASE("what a person wants of a port narrows it, and cannot widen it") {
  auto both = both_filters(port_80(), "host 10.0.0.7 or udp");
  CHECK(let_in(both, packet("10.0.0.7", 4711, "192.168.65.3", 80)) > 0);
  CHECK(let_in(both, packet("10.0.0.8", 4711, "192.168.65.3", 80)) == 0);
  CHECK(let_in(both, packet("10.0.0.7", 4711, "192.168.65.3", 81)) == 0);
  refusal("udp) or (tcp");
  CHECK(both_filters("", "udp") == "udp");
  CHECK(both_filters("udp", "") == "udp");
}
