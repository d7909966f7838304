#include "net/port/allocations.hpp"

#include <algorithm>
#include <fstream>

namespace pier::net {

namespace {

bool overlap(const ip_address& a, const ip_address& b) {
  return a.kind() == b.kind() && (a == b || a.is_any() || b.is_any());
}

} // namespace

result<void> allocations::take(
  protocol proto, const endpoint& at, const std::string& owner) {
  auto& all = held_[{proto, at.port}];
  for (const auto& each : all)
    if (overlap(each.ip, at.ip))
      return error{
        ec::port_allocated,
        "Bind for " + to_string(at) + " failed: port is already allocated (by "
          + each.owner + ")"};
  all.push_back({at.ip, owner});
  return {};
}

void allocations::give_back(protocol proto, const endpoint& at) {
  auto found = held_.find({proto, at.port});
  if (found == held_.end())
    return;
  std::erase_if(
    found->second, [&](const holding& each) { return each.ip == at.ip; });
  if (found->second.empty())
    held_.erase(found);
}

uint16_t allocations::next_random(const port_range& within) {
  auto next = last_random_ + 1;
  if (next < within.first || next > within.last)
    next = within.first;
  last_random_ = static_cast<uint16_t>(next);
  return last_random_;
}

port_range random_range() {
  std::ifstream file{"/proc/sys/net/ipv4/ip_local_port_range"};
  unsigned first = 0;
  unsigned last = 0;
  if (file >> first >> last && first > 0 && first <= last && last <= 65535)
    return {static_cast<uint16_t>(first), static_cast<uint16_t>(last)};
  return {49153, 65535};
}

} // namespace pier::net
