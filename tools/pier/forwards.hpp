#pragma once

/// `pier forwards`.

#include "messages/forward.hpp"
#include "tools/pier/command.hpp"

#include <vector>

namespace pier::cli {

extern const std::string_view forwards_help;

int forwards(const surroundings& here, const arguments& given);

/// The table. Pure.
std::string draw_forwards(const std::vector<forward_info>& all);

} // namespace pier::cli
