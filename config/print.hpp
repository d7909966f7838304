#pragma once

/// Settings become text. Pure.

#include "messages/settings.hpp"

#include <string>

namespace pier::config {

enum class printed {
  all,     // every key
  changed, // those that are not as they are by default
};

/// TOML that reads as the same settings.
std::string print(const settings& of, printed which = printed::all);

/// A file that says nothing yet, and everything that could be said: each key
/// with its meaning and its default, behind a "#" that a person takes away.
std::string settings_template();

} // namespace pier::config
