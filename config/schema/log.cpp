#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

section log_section() {
  using group = log_settings;
  auto here = &settings::log;
  return {
    "log",
    "What pierd writes to its standard error.",
    {
      row(
        "log.level", here, &group::level,
        choice<log_level>(
          {{"trace", log_level::trace},
           {"debug", log_level::debug},
           {"info", log_level::info},
           {"warn", log_level::warn},
           {"error", log_level::error},
           {"off", log_level::off}}),
        "How much of what happens is written; \"pier log\" says otherwise for "
        "one part of the tree."),
      row(
        "log.format", here, &group::format,
        choice<log_format>(
          {{"human", log_format::human}, {"json", log_format::json}}),
        "For a person, or one JSON object a line."),
    }};
}

} // namespace pier::config
