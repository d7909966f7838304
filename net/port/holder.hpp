#pragma once

/// Who holds a port of the host, as far as we may see.

#include "messages/port_spec.hpp"

#include <string>

namespace pier::net {

/// " (held by python3, pid 4711)", or nothing when it cannot be seen.
std::string holder_of(protocol proto, const endpoint& at);

} // namespace pier::net
