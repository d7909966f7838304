#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

section timeouts_section() {
  using namespace std::chrono_literals;
  using group = timeout_settings;
  auto here = &settings::timeouts;
  return {
    "timeouts",
    "How long is waited.",
    {
      row(
        "timeouts.udp_idle", here, &group::udp_idle, duration(1s, 24h),
        "A UDP conversation is over when both sides were silent so long."),
      row(
        "timeouts.dns", here, &group::dns, duration(100ms, 60s),
        "A DNS question that no upstream answered in this time fails."),
      row(
        "timeouts.stop", here, &group::stop, duration(0s, 1h),
        "From SIGTERM to SIGKILL when a container is stopped."),
    }};
}

} // namespace pier::config
