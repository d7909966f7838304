#pragma once

/// What the keeper does when the guests' network becomes another one. Each step
/// can be taken again: a keeper that dies over it leaves it to the next.

#include "messages/error.hpp"
#include "net/fd.hpp"
#include "net/gateway/address_plan.hpp"

#include <vector>

namespace pier::net {

/// Addresses, rules and link of the gateway itself, in its namespace. The
/// answer: new DNS sockets, UDP and TCP, IPv4 first, of each family whose
/// gateway has another address.
result<std::vector<fd>>
renumber_gateway(const guest_network& was, const guest_network& is);

} // namespace pier::net
