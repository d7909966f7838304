#pragma once

/// Static forwards that lead into each other. Pure.

#include "messages/forward.hpp"

#include <map>
#include <vector>

namespace pier::config {

/// Those that a client would come back to for ever, were it let in: one of each
/// circle. Of the host's addresses only loopback is known here, and what a
/// container makes of a connection is not.
std::vector<listen_address>
forward_circles(const std::map<listen_address, forward_spec>& all);

} // namespace pier::config
