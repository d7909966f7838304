#pragma once

/// `pier inspect`.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view inspect_help;

int inspect(const surroundings& here, const arguments& given);

} // namespace pier::cli
