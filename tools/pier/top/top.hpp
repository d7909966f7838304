#pragma once

/// `pier top`: a full screen of what moves, and by how much.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view top_help;

int top(const surroundings& here, const arguments& given);

} // namespace pier::cli
