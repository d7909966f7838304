#pragma once

/// By which names a guest was told an address: what rules by name go by. Pure.
///
/// A name is forgotten when its answer has ended, but not before ten minutes:
/// programs keep addresses longer than they may. No guest can make it grow
/// beyond its bounds: then what would end first is forgotten first.

#include "messages/address.hpp"

#include <chrono>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace pier::actors {

class learned_names {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr size_t most = 8192;
  static constexpr std::chrono::minutes floor{10};
  static constexpr std::chrono::hours ceiling{24};

  void learn(
    const std::string& name, const std::vector<ip_address>& addresses,
    std::chrono::seconds ttl, time_point now);

  std::vector<std::string> names_of(const ip_address& ip, time_point now) const;

  size_t size() const noexcept {
    return ends_.size();
  }

private:
  using ends = std::multimap<time_point, std::pair<ip_address, std::string>>;

  void forget(ends::iterator which);

  ends ends_;
  std::unordered_map<ip_address, std::map<std::string, ends::iterator>>
    by_address_;
};

} // namespace pier::actors
