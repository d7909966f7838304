#pragma once

/// How many descriptors this process may have, and one container of them.

#include <cstddef>

namespace pier {

/// Answers how many flows one container may have, whatever its limits say.
/// Thousands of ports and connections need thousands of descriptors; what the
/// hard limit allows is ours to use, but no more than there is memory for:
/// whoever has too few descriptors lets clients wait, whoever has too little
/// memory is killed. No container may have more than half of them, at two a
/// flow.
size_t divide_descriptors();

} // namespace pier
