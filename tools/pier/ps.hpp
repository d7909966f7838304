#pragma once

/// `pier ps`.

#include "messages/container.hpp"
#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view ps_help;

int ps(const surroundings& here, const arguments& given);

/// The table; `now` in seconds since the epoch. Pure.
std::string
draw_containers(const std::vector<container_info>& all, int64_t now);

} // namespace pier::cli
