#pragma once

/// The actor system as a node of CAF's network, which speaks over sockets that
/// were accepted, and their clients known, elsewhere. It listens nowhere and
/// connects to nobody.

#include "messages/handles.hpp"
#include "net/fd.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

namespace pier {

/// Before the actor system begins. CAF's middleman has a thread of its own,
/// which reads what consoles say.
void allow_consoles(caf::actor_system_config& config);

/// Lets the other end of the socket have the handle of this console, and
/// nobody else's. The console ends this, not the socket.
void adopt_console(
  caf::actor_system& system, net::fd socket, const console_actor& console,
  uint64_t number);

} // namespace pier
