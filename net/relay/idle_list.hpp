#pragma once

/// The pairs that can grow idle, by the time they were last heard: a thousand
/// flows cost one wake-up, of the one that has been silent the longest. Those
/// that are idle after the same while are in one order, and there are few
/// whiles: what the settings have said so far.

#include "net/relay/pair.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <optional>

namespace pier::net {

class idle_list {
public:
  using clock = std::chrono::steady_clock;

  void add(pair& which) {
    auto& alike = all_[which.idle()];
    which.in_idle_list = alike.insert(alike.end(), &which);
  }

  void remove(pair& which) {
    auto place = std::exchange(which.in_idle_list, std::nullopt);
    if (!place)
      return;
    auto alike = all_.find(which.idle());
    alike->second.erase(*place);
    if (alike->second.empty())
      all_.erase(alike);
  }

  /// It may have been heard just now.
  void refresh(pair& which, clock::time_point now) {
    if (!which.in_idle_list || which.last_heard != now)
      return;
    auto& alike = all_.at(which.idle());
    alike.splice(alike.end(), alike, *which.in_idle_list);
  }

  /// When the next one is over; nothing: none ever.
  std::optional<clock::time_point> next() const {
    std::optional<clock::time_point> first;
    for (const auto& [idle, alike] : all_) {
      auto when = alike.front()->last_heard + idle;
      first = first ? std::min(*first, when) : when;
    }
    return first;
  }

  /// Takes one out that has been silent for too long; null: none has.
  pair* take_overdue(clock::time_point now) {
    for (const auto& [idle, alike] : all_) {
      auto out = alike.front();
      if (out->last_heard + idle > now)
        continue;
      remove(*out);
      return out;
    }
    return nullptr;
  }

private:
  std::map<clock::duration, std::list<pair*>> all_;
};

} // namespace pier::net
