#include "net/gateway/address_plan.hpp"

#include <algorithm>

namespace pier::net {

namespace {

constexpr uint32_t host_number = 254;

/// An IPv4 subnet may be smaller or larger than 256; IPv6 numbers follow it.
uint32_t capacity(const guest_network& net) {
  auto free_bits = std::min(32U - net.bits, 16U);
  return uint32_t{1} << free_bits;
}

/// A decimal number as the hexadecimal one that looks the same: guest 12 is .12
/// and ::12, so that a person recognizes it in both families.
uint32_t look_alike(uint32_t number) {
  uint32_t out = 0;
  for (unsigned shift = 0; number > 0; shift += 4, number /= 10)
    out |= (number % 10) << shift;
  return out;
}

} // namespace

guest_network plan_network(const network_settings& from) {
  guest_network net;
  net.subnet = from.subnet.net;
  net.bits = from.subnet.bits;
  net.subnet6 = from.subnet6.net;
  net.bits6 = from.subnet6.bits;
  net.gateway = net.subnet.plus(1);
  net.gateway6 = net.subnet6.plus(1);
  auto host = std::min(host_number, capacity(net) - 2);
  net.host = net.subnet.plus(host);
  net.host6 = net.subnet6.plus(look_alike(host));
  net.mtu = from.mtu;
  net.guests_have4 = from.mode != network_families::ipv6;
  net.guests_have6 = from.mode != network_families::ipv4;
  return net;
}

address_plan::address_plan(guest_network net) : net_(net) {}

result<lease> address_plan::take() {
  auto size = capacity(net_);
  for (uint32_t tries = 0; tries < size; ++tries) {
    last_ = last_ + 1 < size - 1 ? last_ + 1 : 3;
    auto ip = net_.subnet.plus(last_);
    if (ip == net_.host || taken_.count(last_) != 0)
      continue;
    taken_.insert(last_);
    return lease{
      last_, net_.guests_have4 ? ip : ip_address::any(family::v4),
      net_.guests_have6 ? net_.subnet6.plus(look_alike(last_))
                        : ip_address::any(family::v6)};
  }
  return error{
    ec::exhausted,
    "no free address in " + to_string(net_.subnet) + "/"
      + std::to_string(net_.bits)
      + ": stop a container, or choose a larger subnet"};
}

void address_plan::give_back(uint32_t number) {
  taken_.erase(number);
}

} // namespace pier::net
