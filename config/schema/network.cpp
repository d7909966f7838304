#include "config/egress_grammar.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

section network_section() {
  using group = network_settings;
  auto here = &settings::network;
  return {
    "network",
    "The guests' network.",
    {
      row(
        "network.mode", here, &group::mode,
        choice<network_families>(
          {{"dual-stack", network_families::dual_stack},
           {"ipv4", network_families::ipv4},
           {"ipv6", network_families::ipv6}}),
        "Which addresses guests have. Published ports are bound for both "
        "families all the same: the one is led to the other."),
      row(
        "network.subnet", here, &group::subnet, guest_subnet(family::v4, 8, 28),
        "Its IPv4 addresses: .1 is the gateway and the DNS server, .254 (or "
        "the last of a smaller one) the host, and the first guest is .3."),
      row(
        "network.subnet6", here, &group::subnet6,
        guest_subnet(family::v6, 16, 104),
        "Its IPv6 addresses; the numbers are the same, in digits that look "
        "the same: guest .12 is ::12."),
      // IPv6 needs 1280 (RFC 8200, 5).
      row(
        "network.mtu", here, &group::mtu, as<unsigned>(integer(1280, 65535)),
        "The longest packet between guests and gateway, in bytes."),
      row(
        "network.suffixes", here, &group::suffixes, list_of(domain(), 1, 16),
        "host.SUFFIX and gateway.SUFFIX are answered under each of these, and "
        "containers by name."),
      row(
        "network.direct", here, &group::direct, yes_or_no(),
        "Whether the host's own programs reach guests at their addresses, ping "
        "included, by a link of the host's. Guests see one more of their "
        "network; they reach nothing more by it. It takes root."),
      named_row(
        "network.hosts.*", here, &group::hosts, domain(),
        one_or_more(address(), 16),
        "Further names for guests, each with its addresses, in a table of "
        "their own, [network.hosts]; before a container of that name.",
        R"(hosts."db.lab.test" = ["10.0.0.7", "fd00::7"])"),
    }};
}

} // namespace pier::config
