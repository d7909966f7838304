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
      row(
        "ports.bind", here, &group::bind,
        choice<port_bind>(
          {{"all", port_bind::all},
           {"local", port_bind::local},
           {"local-only", port_bind::local_only}}),
        "Where a port is bound that is published without an address: \"all\", "
        "0.0.0.0 and [::]; \"local\", 127.0.0.1 and [::1]; \"local-only\", the "
        "same, and an address that is not loopback is refused."),
      row(
        "ports.allowed_binds", here, &group::allowed_binds,
        list_of(any_subnet(), 0, 64),
        "Addresses that ports may be bound to, or none here for every one. "
        "0.0.0.0 and :: stand for themselves: who may not bind them may still "
        "bind addresses one by one."),
      row(
        "ports.random_range", here, &group::random_range, range_or_system(),
        "Where ports come from that are published without a number; "
        "\"system\" is net.ipv4.ip_local_port_range."),
      row(
        "ports.backlog", here, &group::backlog, as<unsigned>(integer(1, 65535)),
        "Clients of one port that may wait to be seen; "
        "net.core.somaxconn cuts it."),
    }};
}

} // namespace pier::config
