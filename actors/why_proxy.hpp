#pragma once

/// The step of a `why` that asks for proxies.

#include "actors/why.hpp"

namespace pier::actors {

/// Where a connection is dialled from here: its own targets, or the proxy that
/// it is led to. None: that ends it, and why has been said. One without an
/// address: the proxy has a name, `state.proxy`, which is to be found first.
std::vector<endpoint>
led_targets(why_state& state, const flow& what, std::vector<endpoint> targets);

/// What this machine has found of it: the targets have addresses now.
void hear_proxy(why_state& state, const found_name& found);

} // namespace pier::actors
