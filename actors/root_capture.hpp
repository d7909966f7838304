#pragma once

/// What the root answers when somebody wants to see packets.

#include "actors/root.hpp"

#include <string>

namespace pier::actors {

/// `what` is the name of a container or a port of the host, as a person says
/// it; `client` is who sees them.
caf::result<capture_grant> begin_capture(
  root_pointer self, const std::string& what, const std::string& client);

} // namespace pier::actors
