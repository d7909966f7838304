#pragma once

/// Whether a thread looks for its next call before it sleeps.
///
/// To wake a thread on a processor that rests takes as long as all the rest of
/// a round trip. Whoever has been called sixteen times in a row within 60
/// microseconds each looks for 30 of them first. Whatever is no answer to what
/// went before, and longer silences, put an end to that: whoever is idle costs
/// nothing, and many sessions, or much that goes one way, leave nobody waiting
/// for a processor that only looks.

#include <algorithm>
#include <chrono>

namespace pier::net {

class attention {
public:
  /// `wait` is epoll's, by its patience in milliseconds.
  template <class Wait>
  auto next(int patience, Wait wait) {
    if (patience == 0)
      return wait(0);
    auto begin = clock::now();
    auto events = decltype(wait(0)){};
    if (soon_ >= enough)
      do
        events = wait(0);
      while (events.empty() && clock::now() < begin + look);
    if (events.empty())
      events = wait(patience);
    auto was_soon = clock::now() < begin + 2 * look;
    soon_ = was_soon ? std::min(soon_ + 1, enough) : 0;
    return events;
  }

  /// What comes next is no answer to what went.
  void relax() noexcept {
    soon_ = 0;
  }

private:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::microseconds look{30};
  static constexpr int enough = 16;

  int soon_ = 0;
};

} // namespace pier::net
