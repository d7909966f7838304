#pragma once

/// `pier capture`: the packets of one container, or of one port, as a pcapng.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view capture_help;

int capture(const surroundings& here, const arguments& given);

} // namespace pier::cli
