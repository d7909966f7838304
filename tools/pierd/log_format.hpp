#pragma once

/// How a line of the log is written. Whatever it says, it is one line, and no
/// secret is in it. Pure.

#include "messages/settings/log_settings.hpp"

#include <spdlog/formatter.h>

#include <memory>
#include <string>
#include <string_view>

namespace pier::daemon {

/// Without what must not be read, and with what would begin a line of its own,
/// or speak to a terminal, spelled out.
std::string log_text(std::string_view text);

/// The logger's name is who says it: an actor's path, or the program.
std::unique_ptr<spdlog::formatter> make_log_formatter(log_format how);

} // namespace pier::daemon
