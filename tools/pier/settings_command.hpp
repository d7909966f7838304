#pragma once

/// `pier settings`: what the file says; what holds is settings_in_force.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view settings_help;

/// The first word says what is done.
int settings_command(const surroundings& here, const arguments& given);

} // namespace pier::cli
