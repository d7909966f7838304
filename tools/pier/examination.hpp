#pragma once

/// What `pier doctor` looks at on the machine itself.

#include "tools/pier/command.hpp"
#include "tools/pier/finding.hpp"

namespace pier::cli {

/// The kernel, its settings, the programs we call, the runtime directory and
/// who runs there. Changes nothing but that the directory is made.
std::vector<finding> examine(const surroundings& here);

/// The real thing: a supervisor is started, its gateway comes up in a
/// namespace of its own, a container runs and ends, and all is taken away.
std::vector<finding> try_out();

} // namespace pier::cli
