#pragma once

/// Real kernels are waited for, but not for ever: the one clock of the tests.

#include <chrono>

namespace pier::trials {

class stopwatch {
public:
  using clock = std::chrono::steady_clock;

  std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
      clock::now() - start_);
  }

private:
  clock::time_point start_ = clock::now();
};

} // namespace pier::trials
