#pragma once

/// Where a guest's flow really goes: a pure function of policy and flow.

#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "net/gateway/address_plan.hpp"

#include <optional>
#include <vector>

namespace pier::net {

/// The IPv4 address that a translator or a tunnel would really go to: within
/// 64:ff9b::/96 (RFC 6052), 2002::/16 (RFC 3056), or a mapped one.
std::optional<ip_address> wrapped(const ip_address& ip);

/// The addresses to dial from the host, in order of preference. The host's
/// name address leads to its loopback services, 127.0.0.1 first and ::1 next;
/// nothing else leads there, in whatever disguise: loopback, unspecified,
/// mapped and multicast destinations are ec::forbidden, an unleased address of
/// the guest network is ec::host_unreachable. At the proxy's address nothing
/// but the proxy is found: ec::refused.
result<std::vector<endpoint>> route(const guest_network& net, const flow& what);

/// Whether a flow goes on when its guest's network becomes another one, in
/// which the guest has this lease: nothing that it is bound to has changed.
bool stays(
  const guest_network& was, const guest_network& is, const lease& at,
  const flow& what);

} // namespace pier::net
