#pragma once

/// What the root does with new settings, in two steps: whatever can refuse is
/// asked, and then all that differs is told to whom it concerns, in one go,
/// which cannot fail.

#include "actors/root.hpp"

namespace pier::actors {

/// From now on they hold, as a whole or not at all; what the surroundings say
/// stays. Answers when the flows that end with it have ended and the kernel
/// has followed.
caf::result<adoption> adopt(root_pointer self, const settings_ptr& wanted);

/// What `adopt` would answer.
caf::result<adoption> weigh(root_pointer self, const settings_ptr& wanted);

} // namespace pier::actors
