#pragma once

/// The settings that one file has had: the last twenty texts that were obeyed,
/// and those that a rollback has replaced.
///
/// A folder of its own for each settings file, in $XDG_STATE_HOME/iechor, else
/// ~/.local/state/iechor; a file for each text, named by its number, its time
/// and what became of it: "17-1764030043-good". A text comes whole or not at
/// all, whenever we are killed. Only its user can read it.

#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pier::control {

struct past_settings {
  uint64_t number = 0;
  /// Seconds since the epoch.
  int64_t when = 0;
  /// It was obeyed; else it stood there when a rollback replaced it.
  bool good = false;
};

/// Where the history of this settings file is; empty: nowhere, since the
/// environment names no home. Pure but for the environment.
std::string history_folder(const std::string& settings_file);

class settings_history {
public:
  /// `folder`: empty for a history that nothing is kept in.
  explicit settings_history(std::string folder) : folder_(std::move(folder)) {}

  /// Keeps a text, unless the newest of its kind is the same, and forgets the
  /// oldest.
  result<void> keep(std::string_view text, bool good, int64_t when) const;

  /// The oldest first.
  std::vector<past_settings> all() const;

  result<std::string> text(const past_settings& of) const;

  const std::string& folder() const noexcept {
    return folder_;
  }

private:
  std::string folder_;
};

} // namespace pier::control
