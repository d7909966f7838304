#pragma once

/// A container's command as a plain process: no namespaces, no files of its
/// own. Refusals are those of the real thing.

#include "tools/libpier/pier.hpp"

namespace pier {

/// Its pid; a child to be waited for.
result<int>
start_command(const container_spec& spec, const supervisor::descriptors& stdio);

} // namespace pier
