#pragma once

/// `pier attach`.

#include "messages/container.hpp"
#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view attach_help;

int attach(const surroundings& here, const arguments& given);

struct attach_line {
  container_spec spec;
  bool detach = false;
  bool help = false;
};

/// Pure.
result<attach_line>
parse_attach(const arguments& words, const std::string& cwd);

} // namespace pier::cli
