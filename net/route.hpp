#pragma once

/// Where a guest's flow really goes: a pure function of policy and flow.

#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "net/gateway/address_plan.hpp"

#include <vector>

namespace pier::net {

/// The addresses to dial from the host, in order of preference. The host's
/// name address leads to its loopback services, 127.0.0.1 first and ::1 next;
/// nothing else leads there, in whatever disguise: loopback, unspecified,
/// mapped and multicast destinations are ec::forbidden, an unleased address of
/// the guest network is ec::host_unreachable.
result<std::vector<endpoint>> route(const guest_network& net, const flow& what);

} // namespace pier::net
