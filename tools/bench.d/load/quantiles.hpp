#pragma once

#include <algorithm>
#include <cstdio>
#include <vector>

namespace load {

/// Of at least one.
inline void print_quantiles(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  auto at_share = [&](double share) {
    return times[static_cast<size_t>(
      share * static_cast<double>(times.size() - 1))];
  };
  std::printf(
    "{\"p50\": %.2f, \"p99\": %.2f, \"count\": %zu}\n", at_share(0.5),
    at_share(0.99), times.size());
}

} // namespace load
