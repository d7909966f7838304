#pragma once

/// `pier ps`.

#include "messages/container.hpp"
#include "tools/pier/command.hpp"

#include <string>
#include <vector>

namespace pier::cli {

extern const std::string_view ps_help;

int ps(const surroundings& here, const arguments& given);

/// "Up 5 minutes", in Docker's words; `now` in seconds since the epoch.
std::string status_text(const container_info& info, int64_t now);

/// Its first address, or what it has instead of one.
std::string address_text(const container_info& info);

/// The table; `now` in seconds since the epoch. Pure.
std::string
draw_containers(const std::vector<container_info>& all, int64_t now);

} // namespace pier::cli
