#pragma once

/// The traffic of one port of a container, as it goes between gateway and
/// container, in the words of pcap-filter(7). Pure.

#include "messages/container.hpp"
#include "net/gateway/address_plan.hpp"

#include <cstdint>
#include <string>

namespace pier::net {

/// Of what other containers say to the same port nothing is let in: they do not
/// come by the gateway. Two ports of the host that lead to one of the container
/// look alike there.
std::string port_filter(
  const guest_network& net, const lease& of, protocol proto, uint16_t port);

} // namespace pier::net
