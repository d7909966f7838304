#pragma once

/// `pier flows`: the connections that run, one line each.

#include "messages/flow_info.hpp"
#include "tools/pier/command.hpp"

#include <string>
#include <vector>

namespace pier::cli {

extern const std::string_view flows_help;

/// Who began a flow, and where to; without ports where there are none.
struct flow_ends {
  std::string from;
  std::string to;
};

flow_ends ends_of(const flow_info& of);

/// FROM began it. VIA is where the host leads it, when that is elsewhere.
std::string draw_flows(const std::vector<flow_info>& all);

int flows(const surroundings& here, const arguments& given);

} // namespace pier::cli
