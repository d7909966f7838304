#pragma once

/// How many things a guest may do in a second: a bucket that fills evenly and
/// holds what one second brings (RFC 2697, one rate). Pure.

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace pier::actors {

class allowance {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// False: not now.
  bool take(size_t each_second, time_point now) {
    auto most = static_cast<double>(each_second);
    if (last_ == time_point{})
      left_ = most;
    auto passed = std::chrono::duration<double>(now - last_).count();
    left_ = std::min(most, left_ + passed * most);
    last_ = now;
    if (left_ < 1)
      return false;
    left_ -= 1;
    return true;
  }

private:
  double left_ = 0;
  time_point last_{};
};

} // namespace pier::actors
