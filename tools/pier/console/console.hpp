#pragma once

/// `pier console`.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view console_help;

int console(const surroundings& here, const arguments& given);

} // namespace pier::cli
