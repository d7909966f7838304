#pragma once

/// `pier why`.

#include "messages/why.hpp"
#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view why_help;

int why(const surroundings& here, const arguments& given);

/// One step a line, and the verdict. Pure.
std::string draw_explanation(const explanation& what);

} // namespace pier::cli
