#pragma once

/// What the kernel says of this process, for whoever counts.

#include <chrono>
#include <cstdint>

namespace pier::control {

struct process_facts {
  std::chrono::microseconds processor_time{0}; // user and system
  uint64_t resident_bytes = 0;
  uint64_t virtual_bytes = 0;
  uint64_t descriptors = 0;
  uint64_t most_descriptors = 0; // the soft limit
  uint64_t threads = 0;
  /// Seconds since the epoch.
  double started = 0;
};

/// Reads /proc/self; what cannot be read is zero.
process_facts look_at_process();

} // namespace pier::control
