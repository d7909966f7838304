#pragma once

/// The last question of a stop: is anything of ours still there?

#include "messages/port_spec.hpp"

#include <string>
#include <vector>

namespace pier::net {

/// Of these ports, those on which the kernel still lists a socket of this
/// process, as sentences. A port that somebody else has taken meanwhile is no
/// leftover.
std::vector<std::string> audit_ports(const std::vector<bound_port>& ports);

} // namespace pier::net
