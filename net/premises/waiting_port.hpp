#pragma once

/// Which published ports wait for their service. Pure.

#include "messages/container.hpp"

#include <vector>

namespace pier::net {

/// Whether a port of `spec`'s range has no service behind it.
bool waits(const port_spec& spec, const std::vector<service>& served);

} // namespace pier::net
