#pragma once

/// The guest network.

#include "messages/ip_subnet.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pier {

/// Which addresses guests have.
enum class network_families : uint8_t { dual_stack, ipv4, ipv6 };

/// The gateway (also the DNS server) is .1, the host .254, the first guest .3;
/// in IPv6 likewise, in hex digits that look the same.
struct network_settings {
  network_families mode = network_families::dual_stack;
  ip_subnet subnet = *ip_subnet::parse("192.168.65.0/24");
  ip_subnet subnet6 = *ip_subnet::parse("fd07:b51a:cc66::/64");
  unsigned mtu = 1500;
  /// Whether the host's own packets go to the guests' addresses straight.
  bool direct = false;

  /// host.SUFFIX and gateway.SUFFIX are answered under each.
  std::vector<std::string> suffixes{"iechor.internal", "docker.internal"};

  /// Further names that we answer ourselves, in lower case, and before any
  /// container of that name. One without a dot is answered under the suffixes,
  /// too.
  std::map<std::string, std::vector<ip_address>> hosts;

  friend bool operator==(const network_settings&, const network_settings&)
    = default;
};

} // namespace pier
