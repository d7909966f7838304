#include "net/capture/port_filter.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::net;

TEST_CASE("the filter of a port names both ways, and whom it leaves out") {
  auto net = plan_network({});
  net.guests_have6 = false;
  lease of{
    3, *ip_address::parse("192.168.65.3"), ip_address::any(family::v6), 1};
  CHECK(
    port_filter(net, of, protocol::udp, 53)
    == "udp and ((src host 192.168.65.3 and src port 53 and (dst host "
       "192.168.65.1 or not dst net 192.168.65.0/24)) or (dst host "
       "192.168.65.3 and dst port 53 and (src host 192.168.65.1 or not src net "
       "192.168.65.0/24)))");
}

TEST_CASE("a container of both families has a way in each") {
  auto net = plan_network({});
  lease of{
    3, *ip_address::parse("192.168.65.3"),
    *ip_address::parse("fd07:b51a:cc66::3"), 1};
  auto text = port_filter(net, of, protocol::tcp, 80);
  CHECK(text.find("src host 192.168.65.3 and src port 80") != text.npos);
  CHECK(text.find("dst host fd07:b51a:cc66::3 and dst port 80") != text.npos);
  CHECK(text.find("not src net fd07:b51a:cc66::/64") != text.npos);
}
