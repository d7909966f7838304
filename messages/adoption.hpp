#pragma once

/// What becomes of settings that are to hold from now on.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier {

/// One key that differs. The texts are TOML; a name that was not there, or is
/// no more, has none.
struct setting_change {
  /// The row of the schema, "network.hosts.*".
  std::string row;
  /// What stands in the place of its star.
  std::string name;
  std::optional<std::string> was;
  std::optional<std::string> is;

  friend bool operator==(const setting_change&, const setting_change&)
    = default;
};

/// The answer: what has changed, and what it has cost.
struct adoption {
  std::vector<setting_change> changes;
  /// Flows that the new rules forbid, or whose addresses are others.
  uint64_t ended = 0;
};

} // namespace pier
