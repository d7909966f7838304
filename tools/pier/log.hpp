#pragma once

/// `pier log`: how much is written down, of which part of the tree.

#include "messages/log.hpp"
#include "tools/pier/command.hpp"

#include <string>
#include <vector>

namespace pier::cli {

extern const std::string_view log_help;

std::string draw_log_rules(const std::vector<log_rule>& all);

int log(const surroundings& here, const arguments& given);

} // namespace pier::cli
