#pragma once

/// How deeply a TOML text nests, told without nesting: parsers and the trees
/// that they make are walked by recursion, and a hostile text could choose how
/// much of the stack that takes.

#include "config/complaint.hpp"

#include <optional>

namespace pier::config {

/// Where more than eight brackets are open, or a line has more than 64 dots
/// outside of strings and comments: each dot may be a table in a table.
std::optional<place> too_deep(std::string_view text);

} // namespace pier::config
