#pragma once

/// The connections of a network namespace, as far as they are to end.

#include "messages/address.hpp"

#include <vector>

namespace pier::net {

/// Ends every connected TCP and UDP socket of this thread's namespace that is
/// bound to one of these addresses: its owner hears ECONNABORTED, its peer RST.
/// Listeners stay. Kernels may lack it (SOCK_DESTROY); then those end as their
/// peers or timers say.
void end_connections(const std::vector<ip_address>& at);

} // namespace pier::net
