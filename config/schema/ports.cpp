#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

section ports_section() {
  using group = port_settings;
  auto here = &settings::ports;
  return {
    "ports",
    "Published ports.",
    {
      row(
        "ports.ready", here, &group::ready,
        choice<port_ready>(
          {{"strict", port_ready::strict},
           {"listening", port_ready::listening}}),
        "When a port accepts connections: \"strict\", while the container "
        "listens, so that \"connected\" is the truth; \"listening\", always, "
        "and whoever finds nobody is reset."),
    }};
}

} // namespace pier::config
