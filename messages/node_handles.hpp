#pragma once

/// What every actor's interface has in common; messages/handles has the rest.

#include "messages/atoms.hpp"
#include "messages/type_ids.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace pier {

/// Anything in the tree.
using node_actor = caf::typed_actor<
  // How are you? A supervisor asks its children, too.
  caf::replies_to<atom::status>::with<health>,
  // Throw, as a bug would.
  caf::reacts_to<atom::fault>>;

/// A SUPERVISOR: a node with children.
using supervisor_actor = node_actor::extend<
  // Throw at the descendant that this path leads to.
  caf::replies_to<atom::fault, std::string>::with<done_t>,
  // Who stands at this path.
  caf::replies_to<atom::find, std::string>::with<caf::actor>,
  // A person does this to the descendant that the path leads to. Answers how
  // many flows are left where they were waited for.
  caf::replies_to<atom::obey, act, std::string>::with<uint64_t>,
  // INTERNAL: the child with this serial number has waited long enough to be
  // reborn.
  caf::reacts_to<atom::revive, uint64_t>,
  // INTERNAL: the grace of some that were told to leave is over.
  caf::reacts_to<atom::grace>>;

/// Whoever takes flows in.
using entrance_actor = caf::typed_actor<
  // Pause, resume or drain. Answers how many flows are left.
  caf::replies_to<atom::obey, act>::with<uint64_t>>;

} // namespace pier
