#pragma once

/// How long to wait before a refusal is tried again.

#include <algorithm>
#include <chrono>
#include <random>

namespace pier::actors {

/// Doubled each time, with jitter, so that many supervisors on one machine do
/// not try in step.
class backoff {
public:
  std::chrono::milliseconds next() {
    constexpr std::chrono::milliseconds first{100};
    constexpr std::chrono::milliseconds last{5000};
    auto pause = std::min(first * (1 << std::min(tries_++, 6U)), last);
    std::uniform_int_distribution<int64_t> jitter{
      pause.count() / 2, pause.count()};
    return std::chrono::milliseconds{jitter(random_)};
  }

  void reset() noexcept {
    tries_ = 0;
  }

private:
  unsigned tries_ = 0;
  std::minstd_rand random_{std::random_device{}()};
};

} // namespace pier::actors
