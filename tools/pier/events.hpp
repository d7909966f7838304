#pragma once

/// `pier events`.

#include "messages/container.hpp"
#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view events_help;

int events(const surroundings& here, const arguments& given);

/// `exited        web   exit status 0`. Pure.
std::string event_line(const event& news);

} // namespace pier::cli
