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
      row(
        "ports.source", here, &group::source,
        choice<port_source>(
          {{"nat", port_source::nat}, {"preserve", port_source::preserve}}),
        "Whom a container takes for its client: \"nat\", the gateway; "
        "\"preserve\", the client's own address and port, unless it is of "
        "the host's loopback, of the guest network or link-local, of the "
        "other family than the service, or in use. -p 80,source=preserve says "
        "so for one port."),
      row(
        "ports.proxy_protocol", here, &group::proxy,
        choice<proxy_protocol>(
          {{"none", proxy_protocol::none}, {"v2", proxy_protocol::v2}}),
        "\"v2\": a TCP client's address is told in a header before its first "
        "byte (PROXY protocol, version 2), which the service must expect. "
        "-p 80,proxy_protocol=v2 says so for one port."),
    }};
}

} // namespace pier::config
