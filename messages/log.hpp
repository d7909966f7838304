#pragma once

/// What is written down of what happens, and how much of it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pier {

/// From the most talkative to silence; each keeps what those behind it keep.
enum class log_level : uint8_t { trace, debug, info, warn, error, off };

/// "trace", …
std::string_view to_string(log_level level) noexcept;

/// Nothing: the word is none of them.
std::optional<log_level> log_level_of(std::string_view word) noexcept;

/// One thing that an actor has to say.
struct log_line {
  log_level level = log_level::info;
  /// Below the root; empty: the root, or the program around it.
  std::string path;
  std::string text;

  friend bool operator==(const log_line&, const log_line&) = default;
};

/// What holds at a path and below it, as far as no longer one says otherwise.
struct log_rule {
  std::string path;
  log_level level = log_level::info;

  friend bool operator==(const log_rule&, const log_rule&) = default;
};

} // namespace pier
