#include "net/proxy/proxy_health.hpp"

#include <algorithm>

namespace pier::net {

namespace {

constexpr std::chrono::seconds longest{300};
constexpr size_t most_records = 256;

} // namespace

void proxy_health::fail(const upstream_proxy& which, time_point now) {
  if (records_.size() >= most_records)
    records_.clear();
  auto& one = records_[to_string(which)];
  // Attempts that began together fail together, and count once.
  if (now < one.until)
    return;
  one.until = now + one.next;
  one.next = std::min(one.next * 2, longest);
}

void proxy_health::succeed(const upstream_proxy& which) {
  records_.erase(to_string(which));
}

bool proxy_health::is_ill(const proxy_choice& which, time_point now) const {
  if (which.way != proxy_choice::kind::through)
    return false;
  auto found = records_.find(to_string(which.proxy));
  return found != records_.end() && now < found->second.until;
}

std::vector<proxy_choice>
proxy_health::in_order(std::vector<proxy_choice> of, time_point now) const {
  auto is_proxy = [](const proxy_choice& each) {
    return each.way == proxy_choice::kind::through;
  };
  for (auto begin = of.begin(); begin != of.end();) {
    auto end = std::find_if_not(begin, of.end(), is_proxy);
    std::stable_partition(
      begin, end, [&](const proxy_choice& each) { return !is_ill(each, now); });
    begin = end == of.end() ? end : end + 1;
  }
  return of;
}

} // namespace pier::net
