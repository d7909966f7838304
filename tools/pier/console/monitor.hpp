#pragma once

/// `monitor`, which there is in a console only.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view monitor_help;

int monitor(const surroundings& here, const arguments& given);

} // namespace pier::cli
