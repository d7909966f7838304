#pragma once

/// The interface of the actor SOCKS; messages/handles has the others.

#include "messages/handles.hpp"

namespace pier {

/// SOCKS: the host's way in to the containers.
using socks_actor = supervisor_actor::extend<
  // From now on it is that, and there.
  caf::reacts_to<atom::adopt, settings_ptr>,
  // Who knows the guests and their names, now.
  caf::reacts_to<atom::meet, gateway_actor, dns_actor>,
  // How many flows it has that lead to no container.
  caf::replies_to<atom::weigh>::with<uint64_t>,
  // What was counted of these, by where it listens; nothing while it is off.
  caf::replies_to<atom::tally>::with<std::vector<named_tally>>,
  // INTERNAL: a client waits.
  caf::reacts_to<atom::held, arrival>,
  // INTERNAL: these are the addresses of the name that a client asked for.
  caf::reacts_to<atom::learned, arrival, found_name>,
  // INTERNAL: time to try again.
  caf::reacts_to<atom::open>>::extend_with<entrance_actor>;

} // namespace pier
