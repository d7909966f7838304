#pragma once

/// ICMP messages to guests (RFC 792, 4443), through a raw transparent socket of
/// the gateway. What is lost is lost, as on any network.

#include "net/gateway/gateway.hpp"

namespace pier::net {

/// RFC 1071, over a message whose own checksum is zero.
uint16_t icmp_checksum(const std::vector<uint8_t>& bytes);

/// Answers a ping in the name of whoever was pinged.
void send_echo_reply(int raw, const held_packet& request);

/// Tells the sender of a UDP flow that its peer is not there: ec::refused,
/// host_unreachable, network_unreachable, forbidden or permission_denied (an
/// errno's word for the same); of nothing else.
void send_unreachable(int raw, const flow& what, ec why);

} // namespace pier::net
