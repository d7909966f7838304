#pragma once

/// Who and what is left of containers.

#include <cstddef>
#include <vector>

namespace pier::net::trials {

/// Pids of living processes whose parent is `parent`.
std::vector<int> children_of(int parent);

/// Waits until every process that this one has started, and every orphan of
/// them, is dead, and reaps the orphans; false when the deadline passes first.
bool nobody_left();

size_t open_descriptors();

} // namespace pier::net::trials
