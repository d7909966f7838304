#pragma once

/// The step of a `why` that asks limits, routes and rules.

#include "actors/why.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pier::actors {

/// Whether a flow would be let in at all; if not, why has been said.
bool is_admitted(why_state& state);

/// Where a flow leads. None: it ends here, and why has been said.
std::vector<endpoint> targets_of(why_state& state, const flow& what);

/// What `rule` forbids, said in the words of where it stands.
void forbid(why_state& state, const std::string& what, std::string_view rule);

} // namespace pier::actors
