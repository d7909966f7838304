#pragma once

/// `pier tree`, and `pier fault`, which breaks a part of it.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view tree_help;
extern const std::string_view fault_help;

int tree(const surroundings& here, const arguments& given);
int fault(const surroundings& here, const arguments& given);

} // namespace pier::cli
