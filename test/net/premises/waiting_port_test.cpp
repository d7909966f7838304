#include "net/premises/waiting_port.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::net;

namespace {

port_spec range(uint16_t first, uint16_t last) {
  port_spec out;
  out.proto = protocol::tcp;
  out.container = {first, last};
  return out;
}

service at(protocol proto, uint16_t number) {
  return {proto, {ip_address::any(family::v4), number}};
}

bool waits_with(const port_spec& spec, const std::vector<service>& served) {
  return waits(spec, served_ports{served});
}

} // namespace

TEST_CASE("a port waits until its service listens", "[premises]") {
  CHECK(waits_with(range(80, 80), {}));
  CHECK_FALSE(waits_with(range(80, 80), {at(protocol::tcp, 80)}));
}

TEST_CASE("a service of another protocol or port is none", "[premises]") {
  CHECK(waits_with(
    range(80, 80),
    {at(protocol::udp, 80), at(protocol::tcp, 79), at(protocol::tcp, 81)}));
}

TEST_CASE("a range waits until each of its ports is served", "[premises]") {
  auto some = std::vector<service>{
    at(protocol::tcp, 80), at(protocol::tcp, 80), at(protocol::tcp, 82)};
  CHECK(waits_with(range(80, 82), some));
  some.push_back(at(protocol::tcp, 81));
  CHECK_FALSE(waits_with(range(80, 82), some));
  CHECK_FALSE(waits_with(range(65535, 65535), {at(protocol::tcp, 65535)}));
}
