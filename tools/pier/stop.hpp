#pragma once

/// `pier stop`.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view stop_help;

int stop(const surroundings& here, const arguments& given);

} // namespace pier::cli
