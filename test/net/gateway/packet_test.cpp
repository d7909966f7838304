#include "net/gateway/packet.hpp"

#include <catch2/catch.hpp>

using namespace pier;

namespace {

using bytes = std::vector<uint8_t>;

bytes syn_v4() {
  bytes out(40);
  out[0] = 0x45;
  out[3] = 40;
  out[9] = 6;
  const uint8_t addresses[] = {192, 168, 65, 3, 203, 0, 113, 9};
  std::copy(std::begin(addresses), std::end(addresses), out.begin() + 12);
  out[20] = 0x12;
  out[21] = 0x34;
  out[23] = 80;
  return out;
}

bytes echo_v6() {
  bytes out(40 + 8 + 4, 0);
  out[0] = 0x60;
  out[5] = 12;
  out[6] = 58;
  out[8] = 0xfd;
  out[24] = 0x20;
  out[40] = 128;
  out[45] = 7;
  out[47] = 9;
  out[51] = 'x';
  return out;
}

} // namespace

TEST_CASE("a SYN names its flow") {
  auto read = net::read_packet(syn_v4());
  REQUIRE(read);
  CHECK(to_string(read->what) == "tcp 192.168.65.3:4660 → 203.0.113.9:80");
}

TEST_CASE("an echo request keeps its number and payload") {
  auto read = net::read_packet(echo_v6());
  REQUIRE(read);
  CHECK(read->what.proto == protocol::icmp);
  CHECK(read->echo_id == 7);
  CHECK(read->echo_sequence == 9);
  CHECK(read->echo_payload == bytes{0, 0, 0, 'x'});
}

TEST_CASE("a packet cut anywhere is no packet, and does no harm") {
  auto whole = syn_v4();
  for (size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(net::read_packet({whole.data(), size}));
  auto echo = echo_v6();
  for (size_t size = 0; size < 48; ++size)
    CHECK_FALSE(net::read_packet({echo.data(), size}));
}

TEST_CASE("a packet with any byte changed does no harm") {
  for (const auto& whole : {syn_v4(), echo_v6()})
    for (size_t at = 0; at < whole.size(); ++at)
      for (int value = 0; value < 256; ++value) {
        auto changed = whole;
        changed[at] = static_cast<uint8_t>(value);
        auto read = net::read_packet(changed);
        CHECK((!read || read->echo_payload.size() < changed.size()));
      }
}

TEST_CASE("a later fragment has no ports to read") {
  auto fragment = syn_v4();
  fragment[7] = 1;
  CHECK_FALSE(net::read_packet(fragment));
}
