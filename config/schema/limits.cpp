#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

section limits_section() {
  using group = limit_settings;
  auto here = &settings::limits;
  return {
    "limits",
    "How much one container may have.",
    {
      row(
        "limits.pending", here, &group::pending, as<size_t>(integer(1, 65536)),
        "Connections out whose far side has not answered yet; packets that "
        "would begin more are dropped, and come again."),
      row(
        "limits.flows", here, &group::flows, as<size_t>(integer(1, 1000000)),
        "Connections, UDP flows and pings out, open ones too. Few descriptors "
        "lower it, so that no container gets hold of all of them."),
    }};
}

} // namespace pier::config
