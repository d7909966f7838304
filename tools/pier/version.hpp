#pragma once

/// `pier version`.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view version_help;

int version(const surroundings& here, const arguments& given);

} // namespace pier::cli
