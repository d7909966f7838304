#pragma once

/// `pier publish` and `pier unpublish`.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view publish_help;
extern const std::string_view unpublish_help;

int publish(const surroundings& here, const arguments& given);
int unpublish(const surroundings& here, const arguments& given);

} // namespace pier::cli
