#pragma once

/// What the daemon writes down, and how.

#include "messages/log.hpp"

namespace pier {

enum class log_format : uint8_t {
  human,
  json, // one object a line
};

struct log_settings {
  /// Where nobody has said otherwise by hand.
  log_level level = log_level::info;
  log_format format = log_format::human;

  friend bool operator==(const log_settings&, const log_settings&) = default;
};

} // namespace pier
