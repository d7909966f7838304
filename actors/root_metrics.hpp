#pragma once

/// All that was counted, asked of the whole tree. A part of actors/root.

#include "actors/root.hpp"

namespace pier::actors {

caf::result<metrics> count(root_pointer self);

} // namespace pier::actors
