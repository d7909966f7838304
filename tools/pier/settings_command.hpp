#pragma once

/// `pier settings`: all that needs no daemon.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view settings_help;

/// The first word says what is done.
int settings_command(const surroundings& here, const arguments& given);

} // namespace pier::cli
