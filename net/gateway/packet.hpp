#pragma once

/// Reads the first packet of a flow, as far as the gate must understand it.
/// Pure and bounded: the packet comes from a guest and is hostile.

#include "messages/flow.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pier::net {

struct first_packet {
  flow what;
  // ICMP echo requests only.
  uint16_t echo_id = 0;
  uint16_t echo_sequence = 0;
  std::vector<uint8_t> echo_payload;
};

/// A TCP, UDP or ICMP echo request packet from its IP header on (RFC 791,
/// 8200). Nothing: malformed, a later fragment, or of another kind. Of TCP and
/// UDP only the headers need be there.
std::optional<first_packet> read_packet(std::span<const uint8_t> bytes);

} // namespace pier::net
