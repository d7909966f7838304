#pragma once

/// The pairs that can grow idle, by the time they were last heard: a thousand
/// flows cost one wake-up, of the one that has been silent the longest. All
/// are idle after the same while.

#include "net/relay/pair.hpp"

#include <list>
#include <optional>

namespace pier::net {

class idle_list {
public:
  using clock = std::chrono::steady_clock;

  void add(pair& which) {
    which.in_idle_list = all_.insert(all_.end(), &which);
  }

  void remove(pair& which) {
    if (auto place = std::exchange(which.in_idle_list, std::nullopt))
      all_.erase(*place);
  }

  /// It may have been heard just now.
  void refresh(pair& which, clock::time_point now) {
    if (which.in_idle_list && which.last_heard == now)
      all_.splice(all_.end(), all_, *which.in_idle_list);
  }

  /// When the next one is over; nothing: none ever.
  std::optional<clock::time_point> next() const {
    if (all_.empty())
      return {};
    return all_.front()->last_heard + all_.front()->idle();
  }

  /// Takes one out that has been silent for too long; null: none has.
  pair* take_overdue(clock::time_point now) {
    if (auto when = next(); !when || *when > now)
      return nullptr;
    auto out = all_.front();
    remove(*out);
    return out;
  }

private:
  std::list<pair*> all_;
};

} // namespace pier::net
