#pragma once

/// The step of a `why` that asks for proxies.

#include "actors/why.hpp"

namespace pier::actors {

/// Where a connection is dialled from here: its own targets, or the proxy that
/// it is led to. None: that ends it, and why has been said.
std::vector<endpoint>
led_targets(why_state& state, const flow& what, std::vector<endpoint> targets);

} // namespace pier::actors
