#include "config/forward_circle.hpp"

#include <tuple>
#include <utility>

namespace pier::config {

namespace {

using forwards = std::map<listen_address, forward_spec>;
using place = forwards::const_iterator;

/// Whoever calls there is let in here; the ports are the same.
bool covers(const listen_address& here, const ip_address& there) {
  if (!here.ip)
    return there.is_loopback();
  return *here.ip == there
    || (here.ip->is_any() && here.ip->kind() == there.kind() && there.is_loopback());
}

class chart {
public:
  explicit chart(const forwards& all) : all_(all) {
    for (auto at = all.begin(); at != all.end(); ++at)
      by_door_.emplace(door(at->first), at);
  }

  std::vector<listen_address> circles() {
    std::vector<listen_address> out;
    for (auto at = all_.begin(); at != all_.end(); ++at) {
      auto now = next(at) == all_.end() ? all_.end() : at;
      // Walks that have been walked end where they met one.
      while (now != all_.end() && seen_.emplace(now->first, at->first).second)
        now = next(now);
      if (now != all_.end() && seen_.at(now->first) == at->first)
        out.push_back(now->first);
    }
    return out;
  }

private:
  using door_key = std::tuple<protocol, uint16_t, std::string>;

  static door_key door(const listen_address& at) {
    return {at.proto, at.port, at.path};
  }

  place next(place from) const {
    const auto& to = from->second.to;
    if (!to.container.empty())
      return all_.end();
    listen_address there;
    there.proto = from->first.proto;
    there.port = to.path.empty() ? to.at.port : uint16_t{0};
    there.path = to.path;
    auto [first, last] = by_door_.equal_range(door(there));
    for (auto each = first; each != last; ++each)
      if (!to.path.empty() || covers(each->second->first, to.at.ip))
        return each->second;
    return all_.end();
  }

  const forwards& all_;
  std::multimap<door_key, place> by_door_;
  /// Whose walk came by first.
  std::map<listen_address, listen_address> seen_;
};

} // namespace

std::vector<listen_address> forward_circles(const forwards& all) {
  return chart{all}.circles();
}

} // namespace pier::config
