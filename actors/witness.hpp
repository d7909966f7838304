#pragma once

/// A witness dies as the actor dies that it watches, in the same moment and for
/// the same reason. Whoever may know of a death, but not have the power over a
/// life, is given its witness to monitor.

#include <caf/actor.hpp>
#include <caf/behavior.hpp>
#include <caf/stateful_actor.hpp>

namespace pier::actors {

struct witness_state {
  static const char* name;
};

/// It ends with whoever wanted it, too.
caf::behavior witness(
  caf::stateful_actor<witness_state>* self, const caf::actor& whom,
  const caf::actor& wanted_by);

} // namespace pier::actors
