#pragma once

/// What the root answers when somebody wants to know what there is.

#include "actors/root.hpp"

#include <vector>

namespace pier::actors {

/// Gives birth to an audit.
caf::result<std::vector<audit_row>>
begin_audit(root_pointer self, const audit_marks& own);

} // namespace pier::actors
