#pragma once

/// The way by which the host's own packets reach guests straight.
///
/// Theory of operation. The host is plugged in as a guest is: a veth pair,
/// one end a port of the gateway's bridge, the other end the host's, with a
/// lease of its own. The kernel's route to the guests' network comes with that
/// address, and is what guests see; answers go back past the gate. A table of
/// the bridge keeps it one way. From the host come packets of that address
/// alone, so that it routes for nobody; to it go answers alone: no first packet
/// of TCP, no datagram that was not asked for a moment ago, no ping, nothing
/// for an address behind it. The pair ends with either namespace, and the rules
/// with the gateway's, whoever is killed.

#include "messages/error.hpp"
#include "net/gateway/address_plan.hpp"

#include <string>

namespace pier::net {

/// Called in the gateway's namespace `home`; enters the host's and returns. One
/// that is there becomes what is wanted. Leaves nothing when it is refused.
result<void> lay_direct_link(
  const guest_network& net, const lease& at, const std::string& name, int host,
  int home);

/// One that is gone already has been removed.
result<void> remove_direct_link();

/// The bridge's table. Pure.
std::string direct_rules(const lease& at);

} // namespace pier::net
