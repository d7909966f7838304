#pragma once

/// Who may read what is counted.

#include "messages/address.hpp"

#include <optional>

namespace pier {

struct metrics_settings {
  /// Where Prometheus finds it, on the loopback; absent: nowhere.
  std::optional<endpoint> listen;

  friend bool operator==(const metrics_settings&, const metrics_settings&)
    = default;
};

} // namespace pier
