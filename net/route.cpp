#include "net/route.hpp"

namespace pier::net {

namespace {

bool is_this_host(const ip_address& ip) {
  static const auto zero_net = ip_address::any(family::v4);
  return ip.is_loopback() || ip.is_any() || ip.in_subnet(zero_net, 8);
}

} // namespace

std::optional<ip_address> wrapped(const ip_address& ip) {
  static const auto nat64 = *ip_address::parse("64:ff9b::");
  static const auto six_to_four = *ip_address::parse("2002::");
  const auto& b = ip.bytes();
  if (ip.in_subnet(nat64, 96))
    return ip_address::v4({b[12], b[13], b[14], b[15]});
  if (ip.in_subnet(six_to_four, 16))
    return ip_address::v4({b[2], b[3], b[4], b[5]});
  return ip.embedded();
}

result<std::vector<endpoint>>
route(const guest_network& net, const flow& what) {
  const auto& to = what.peer;
  if (to.ip == net.host || to.ip == net.host6)
    return std::vector<endpoint>{
      {ip_address::loopback(family::v4), to.port},
      {ip_address::loopback(family::v6), to.port}};
  auto forbid = [&](const char* why) {
    return error{ec::forbidden, to_string(what) + ": " + why};
  };
  if (to.ip == net.proxy || to.ip == net.proxy6)
    return error{
      ec::refused, to_string(what) + ": the HTTP proxy is at port 3128"};
  if (is_this_host(to.ip))
    return forbid(
      "the host's loopback is reached by host.iechor.internal only");
  if (auto inner = wrapped(to.ip); inner && is_this_host(*inner))
    return forbid("the host's loopback in disguise");
  if (to.ip.is_multicast() || to.ip == ip_address::v4({255, 255, 255, 255}))
    return forbid("multicast and broadcast do not leave the guest network");
  if (
    to.ip.in_subnet(net.subnet, net.bits)
    || to.ip.in_subnet(net.subnet6, net.bits6))
    return error{ec::host_unreachable, to_string(what) + ": no such guest"};
  return std::vector<endpoint>{to};
}

bool stays(
  const guest_network& was, const guest_network& is, const lease& at,
  const flow& what) {
  auto v4 = what.guest.ip.is_v4();
  if (
    what.guest.ip != (v4 ? at.v4 : at.v6)
    || (v4 ? was.gateway != is.gateway : was.gateway6 != is.gateway6))
    return false;
  if (what.way == direction::inbound)
    return true;
  auto before = route(was, what);
  auto after = route(is, what);
  return before && after && *before == *after;
}

} // namespace pier::net
