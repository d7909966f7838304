#include "net/capture/pcapng.hpp"
#include "test/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

using namespace pier;
using namespace pier::net;

namespace {

struct block {
  uint32_t type = 0;
  std::string body;
};

uint32_t number(const std::string& of, size_t at) {
  uint32_t out = 0;
  REQUIRE(at + sizeof(out) <= of.size());
  std::memcpy(&out, of.data() + at, sizeof(out));
  return out;
}

/// Walks a file from its front; every length is checked from both ends.
std::vector<block> blocks(const std::string& file) {
  std::vector<block> out;
  for (size_t at = 0; at < file.size();) {
    auto size = number(file, at + 4);
    REQUIRE(size % 4 == 0);
    REQUIRE(size >= 12);
    REQUIRE(number(file, at + size - 4) == size);
    out.push_back({number(file, at), file.substr(at + 8, size - 12)});
    at += size;
  }
  return out;
}

/// The option of this code among those that begin there; empty: none.
std::string option(const block& of, size_t at, uint16_t code) {
  while (at + 4 <= of.body.size()) {
    auto head = number(of.body, at);
    auto size = head >> 16;
    if ((head & 0xffff) == code)
      return of.body.substr(at + 4, size);
    if ((head & 0xffff) == 0)
      return {};
    at += 4 + (size + 3) / 4 * 4;
  }
  return {};
}

capture_front front() {
  return {
    "all packets of container web",
    "pier 1.0",
    "veth1",
    "container web",
    "tcp port 80",
    262'144};
}

/// A SYN from 192.168.65.3:4711 to 10.0.0.1:80, as an Ethernet carries it.
std::string syn() {
  constexpr std::array<unsigned char, 54> bytes{
    2,  0, 0,  0,  0,    1, 2,    0,    0,  0,  0, 3, 8,   0, // Ethernet
    69, 0, 0,  40, 0,    1, 0,    0,    64, 6,  0, 0, 192, 168,
    65, 3, 10, 0,  0,    1, 0x12, 0x67, 0,  80, 0, 0, 0,   1,
    0,  0, 0,  0,  0x50, 2, 0xff, 0xff, 0,  0,  0, 0};
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What a program has to say.
std::string said(const std::string& command) {
  std::unique_ptr<FILE, decltype(&::pclose)> pipe{
    ::popen(command.c_str(), "r"), &::pclose};
  std::string out;
  std::array<char, 512> bytes{};
  while (auto count = std::fread(bytes.data(), 1, bytes.size(), pipe.get()))
    out.append(bytes.data(), count);
  return out;
}

constexpr uint64_t second = 1'000'000'000;

} // namespace

TEST_CASE("a file begins with a section and its one interface") {
  auto all = blocks(pcapng_front(front()));
  REQUIRE(all.size() == 2);
  CHECK(all[0].type == 0x0A0D0D0A);
  CHECK(number(all[0].body, 0) == 0x1A2B3C4D);
  CHECK(number(all[0].body, 4) == 1);
  CHECK(option(all[0], 16, 1) == "all packets of container web");
  CHECK(option(all[0], 16, 4) == "pier 1.0");
  CHECK(all[1].type == 1);
  CHECK(number(all[1].body, 0) == 1);
  CHECK(number(all[1].body, 4) == 262'144);
  CHECK(option(all[1], 8, 2) == "veth1");
  CHECK(option(all[1], 8, 3) == "container web");
  CHECK(option(all[1], 8, 9) == std::string{9});
  CHECK(option(all[1], 8, 11) == std::string{'\0'} + "tcp port 80");
}

TEST_CASE("without a filter none is named") {
  auto what = front();
  what.filter.clear();
  CHECK(option(blocks(pcapng_front(what))[1], 8, 11).empty());
}

TEST_CASE("a packet has its time, its lengths, its bytes and its way") {
  for (std::string bytes : {"", "a", "abcd", "abcde"})
    for (auto way : {direction::inbound, direction::outbound}) {
      std::string file;
      constexpr uint64_t when = (uint64_t{7} << 32) + 9;
      add_packet(file, {when, 1500, bytes, way});
      auto all = blocks(file);
      REQUIRE(all.size() == 1);
      const auto& body = all[0].body;
      CHECK(all[0].type == 6);
      CHECK(number(body, 0) == 0);
      CHECK(number(body, 4) == 7);
      CHECK(number(body, 8) == 9);
      CHECK(number(body, 12) == bytes.size());
      CHECK(number(body, 16) == 1500);
      CHECK(body.substr(20, bytes.size()) == bytes);
      auto flags = option(all[0], 20 + (bytes.size() + 3) / 4 * 4, 2);
      CHECK(number(flags, 0) == (way == direction::inbound ? 1U : 2U));
    }
}

TEST_CASE("the last block says how many came, and how many were dropped") {
  auto all = blocks(pcapng_end(second, 40, 2));
  REQUIRE(all.size() == 1);
  CHECK(all[0].type == 5);
  auto came = option(all[0], 12, 4);
  auto dropped = option(all[0], 12, 5);
  REQUIRE(came.size() == 8);
  CHECK(number(came, 0) == 42);
  CHECK(number(dropped, 0) == 2);
}

TEST_CASE("an option that is too long for its length is cut") {
  auto what = front();
  what.comment.assign(100'000, 'x');
  CHECK(option(blocks(pcapng_front(what))[0], 16, 1).size() == 0xfffc);
}

TEST_CASE("tcpdump reads it") {
  if (said("command -v tcpdump").empty()) {
    WARN("no tcpdump here: see tools/setup --tests");
    return;
  }
  test::temp_dir folder;
  auto path = folder.path() + "/web.pcapng";
  auto file = pcapng_front(front());
  auto packet = syn();
  add_packet(
    file,
    {1'000'000'000 * second + 123'456'789, static_cast<uint32_t>(packet.size()),
     packet, direction::outbound});
  file += pcapng_end(1'000'000'000 * second, 1, 0);
  std::ofstream{path} << file;
  auto text = said("tcpdump -tt -n --nano -r " + path + " 2>&1");
  INFO(text);
  CHECK(
    text.find("1000000000.123456789 IP 192.168.65.3.4711 > 10.0.0.1.80: "
              "Flags [S]")
    != text.npos);
  CHECK(text.find("truncated") == text.npos);
}
