#pragma once

/// The settings as a value, with their defaults. Text becomes settings in
/// config/.

#include "messages/address.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace pier {

/// When a published port accepts connections.
enum class port_ready : uint8_t {
  strict,    // while the container listens too: "connected" is the truth
  listening, // always; a client of a silent container is reset
};

struct settings {
  // The guest network. The gateway (also the DNS server) is .1, the host .254,
  // the first guest .3; in IPv6 likewise, in hex digits that look the same.
  ip_address subnet = *ip_address::parse("192.168.65.0");
  unsigned subnet_bits = 24;
  ip_address subnet6 = *ip_address::parse("fd07:b51a:cc66::");
  unsigned subnet6_bits = 64;
  unsigned mtu = 1500;

  /// host.SUFFIX and gateway.SUFFIX are answered under each.
  std::vector<std::string> suffixes{"iechor.internal", "docker.internal"};

  port_ready ready = port_ready::strict;

  /// A UDP conversation is over when both sides were silent so long.
  std::chrono::seconds udp_idle{90};
  /// A DNS query that no upstream answered becomes SERVFAIL.
  std::chrono::milliseconds dns_deadline{5000};
  /// From SIGTERM to SIGKILL when a container is stopped.
  std::chrono::milliseconds stop_grace{10000};
  /// Flows of one container whose far side has not answered yet; more SYNs
  /// are dropped, and come again.
  size_t pending_limit = 1024;
  /// Flows out of one container, open ones too; beyond it as above. A
  /// supervisor that has few descriptors lowers it, so that no container gets
  /// hold of all of them.
  size_t flow_limit = 16384;

  /// Where upstream resolvers are read from.
  std::string resolv_conf = "/etc/resolv.conf";
  /// The program `pier-keeper`; empty: beside the running program.
  std::string keeper;
};

} // namespace pier
