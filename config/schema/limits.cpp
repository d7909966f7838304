#include "config/egress_grammar.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

section limits_section() {
  auto descriptors = [](auto& all) -> auto& {
    return all.policy.limits.descriptors;
  };
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
      row(
        "limits.descriptors", descriptors, limit(1000000),
        "Descriptors of ours that one container may hold: two for a flow, two "
        "for each address of a published port. Packets that would begin more "
        "flows out are dropped, and come again; a port that would need more "
        "is refused."),
    }};
}

} // namespace pier::config
