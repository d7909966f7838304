#pragma once

/// What a container's supervisor answers when somebody wants to see packets.

#include "actors/container.hpp"

namespace pier::actors {

/// Gives birth to a capture, where the container has a link and few others look
/// already.
caf::result<capture_grant>
begin_capture(container_pointer self, const capture_wish& what);

/// The container's address is another one.
void tell_captures(container_pointer self);

} // namespace pier::actors
