#pragma once

/// How long is waited.

#include <chrono>

namespace pier {

struct timeout_settings {
  /// A UDP conversation is over when both sides were silent so long.
  std::chrono::milliseconds udp_idle{90000};
  /// A DNS query that no upstream answered becomes SERVFAIL.
  std::chrono::milliseconds dns{5000};
  /// From SIGTERM to SIGKILL when a container is stopped.
  std::chrono::milliseconds stop{10000};

  friend bool operator==(const timeout_settings&, const timeout_settings&)
    = default;
};

} // namespace pier
