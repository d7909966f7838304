#include "actors/service_index.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::actors;

namespace {

service at(protocol proto, uint16_t number) {
  return {proto, {ip_address::any(family::v4), number}};
}

port_spec ports(protocol proto, uint16_t first, uint16_t last) {
  port_spec out;
  out.proto = proto;
  out.container = {first, last};
  return out;
}

using services = std::vector<service>;

} // namespace

TEST_CASE("a port has the services of its number and protocol behind it") {
  service_index all{
    {at(protocol::tcp, 79), at(protocol::tcp, 80), at(protocol::udp, 80),
     at(protocol::tcp, 82), at(protocol::tcp, 83)}};
  CHECK(
    all.behind(ports(protocol::tcp, 80, 82))
    == services{at(protocol::tcp, 80), at(protocol::tcp, 82)});
  CHECK(
    all.behind(ports(protocol::udp, 80, 80))
    == services{at(protocol::udp, 80)});
  CHECK(all.behind(ports(protocol::tcp, 65535, 65535)).empty());
}

TEST_CASE("a service at every port is behind each") {
  service_index all{{at(protocol::tcp, service_index::every_port)}};
  CHECK(all.behind(ports(protocol::tcp, 80, 90)).size() == 1);
  CHECK(all.behind(ports(protocol::udp, 80, 90)).empty());
}
