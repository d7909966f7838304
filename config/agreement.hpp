#pragma once

/// What settings must satisfy together, each being right by itself. Pure.

#include "messages/settings.hpp"

#include <string>
#include <vector>

namespace pier::config {

/// Keys that cannot all be as they are.
struct disagreement {
  /// Their full paths; the first that is written in the file is blamed.
  std::vector<std::string> about;
  std::string text;
};

std::vector<disagreement> disagreements(const settings& among);

} // namespace pier::config
