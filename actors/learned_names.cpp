#include "actors/learned_names.hpp"

#include <algorithm>

namespace pier::actors {

void learned_names::forget(ends::iterator which) {
  const auto& [ip, name] = which->second;
  auto there = by_address_.find(ip);
  there->second.erase(name);
  if (there->second.empty())
    by_address_.erase(there);
  ends_.erase(which);
}

void learned_names::learn(
  const std::string& name, const std::vector<ip_address>& addresses,
  std::chrono::seconds ttl, time_point now) {
  while (!ends_.empty() && ends_.begin()->first <= now)
    forget(ends_.begin());
  auto end = now + std::clamp<std::chrono::seconds>(ttl, floor, ceiling);
  for (const auto& ip : addresses) {
    if (auto there = by_address_.find(ip); there != by_address_.end())
      if (auto old = there->second.find(name); old != there->second.end()) {
        if (old->second->first >= end)
          continue;
        forget(old->second);
      }
    if (ends_.size() >= most)
      forget(ends_.begin());
    by_address_[ip][name] = ends_.emplace(end, std::pair{ip, name});
  }
}

std::vector<std::string>
learned_names::names_of(const ip_address& ip, time_point now) const {
  std::vector<std::string> out;
  if (auto there = by_address_.find(ip); there != by_address_.end())
    for (const auto& [name, end] : there->second)
      if (end->first > now)
        out.push_back(name);
  return out;
}

} // namespace pier::actors
