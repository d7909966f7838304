#include "net/capture/port_filter.hpp"

namespace pier::net {

namespace {

/// One way of it: `near` is "src" where the container speaks, `far` "dst".
std::string one_way(
  const std::string& near, const std::string& far, const ip_address& own,
  uint16_t port, const std::string& subnet, const ip_address& gateway) {
  return "(" + near + " host " + to_string(own) + " and " + near + " port "
    + std::to_string(port) + " and (" + far + " host " + to_string(gateway)
    + " or not " + far + " net " + subnet + "))";
}

std::string both_ways(
  const ip_address& own, uint16_t port, const std::string& subnet,
  const ip_address& gateway) {
  return one_way("src", "dst", own, port, subnet, gateway) + " or "
    + one_way("dst", "src", own, port, subnet, gateway);
}

} // namespace

std::string port_filter(
  const guest_network& net, const lease& of, protocol proto, uint16_t port) {
  std::string ways;
  for (const auto& own : of.addresses()) {
    auto v4 = own.is_v4();
    auto subnet = to_string(v4 ? net.subnet : net.subnet6) + "/"
      + std::to_string(v4 ? net.bits : net.bits6);
    ways += (ways.empty() ? "" : " or ")
      + both_ways(own, port, subnet, v4 ? net.gateway : net.gateway6);
  }
  return std::string{to_string(proto)} + " and (" + ways + ")";
}

} // namespace pier::net
