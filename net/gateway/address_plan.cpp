#include "net/gateway/address_plan.hpp"

#include <algorithm>
#include <set>

namespace pier::net {

namespace {

constexpr uint32_t host_number = 254;
constexpr uint32_t first_number = 3;
/// The subnet's own, the gateway, the proxy, the host, and broadcast.
constexpr uint32_t unused_numbers = 5;

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

bool is_free(
  const guest_network& net, uint32_t number, const std::set<uint32_t>& taken) {
  return number >= first_number && number < capacity(net) - 1
    && net.subnet.plus(number) != net.host && !taken.contains(number);
}

std::set<uint32_t> numbers_of(const std::map<uint32_t, lease>& taken) {
  std::set<uint32_t> out;
  for (const auto& [link, each] : taken)
    out.insert(each.number);
  return out;
}

lease lease_at(const guest_network& net, uint32_t number, uint32_t link) {
  return {
    number,
    net.guests_have4 ? net.subnet.plus(number) : ip_address::any(family::v4),
    net.guests_have6 ? net.subnet6.plus(look_alike(number))
                     : ip_address::any(family::v6),
    link};
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
  net.proxy = net.subnet.plus(2);
  net.proxy6 = net.subnet6.plus(2);
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
  auto numbers = numbers_of(taken_);
  for (uint32_t tries = 0; tries < size; ++tries) {
    last_ = last_ + 1 < size - 1 ? last_ + 1 : first_number;
    if (!is_free(net_, last_, numbers))
      continue;
    auto made = lease_at(net_, last_, ++last_link_);
    taken_[made.link] = made;
    return made;
  }
  return error{
    ec::exhausted,
    "no free address in " + to_string(net_.subnet) + "/"
      + std::to_string(net_.bits)
      + ": stop a container, or choose a larger subnet"};
}

void address_plan::give_back(uint32_t link) {
  taken_.erase(link);
}

result<std::vector<lease>>
address_plan::leases_in(const guest_network& other) const {
  auto room = capacity(other) - unused_numbers;
  if (taken_.size() > room)
    return error{
      ec::exhausted,
      "network.subnet: " + to_string(other.subnet) + "/"
        + std::to_string(other.bits) + " has room for " + std::to_string(room)
        + " containers, and " + std::to_string(taken_.size())
        + " are there: stop some, or choose a larger subnet"};
  std::set<uint32_t> numbers;
  for (const auto& [link, each] : taken_)
    if (is_free(other, each.number, numbers))
      numbers.insert(each.number);
  std::vector<lease> out;
  auto kept = numbers;
  for (const auto& [link, each] : taken_) {
    auto number = each.number;
    if (kept.erase(number) == 0)
      for (number = first_number; !is_free(other, number, numbers);)
        ++number;
    numbers.insert(number);
    out.push_back(lease_at(other, number, link));
  }
  return out;
}

bool is_for_proxy(const guest_network& in, const flow& what) {
  return what.proto == protocol::tcp && what.peer.port == proxy_port
    && (what.peer.ip == in.proxy || what.peer.ip == in.proxy6);
}

void address_plan::renumber(
  const guest_network& other, const std::vector<lease>& leases) {
  net_ = other;
  taken_.clear();
  for (const auto& each : leases)
    taken_[each.link] = each;
}

} // namespace pier::net
