#pragma once

/// The command line of pierd. Pure, but for the environment's defaults.

#include "messages/error.hpp"
#include "messages/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pier::daemon {

struct daemon_line {
  settings with;
  std::string runtime_dir;
  std::string log_level = "info";
  bool until_idle = false;
  bool help = false;
  bool version = false;
};

extern const std::string_view help;

/// `with`: the settings where the line says nothing.
result<daemon_line>
parse_line(const std::vector<std::string>& words, settings with);

} // namespace pier::daemon
