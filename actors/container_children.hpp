#pragma once

/// The children that every container has, besides its ports.

#include "actors/container.hpp"

namespace pier::actors {

void add_sessions(container_pointer self);

/// Where the container has a door for it.
void add_agent(container_pointer self);

/// The rules are others: perhaps the terms, too.
void tell_agent(container_pointer self);

/// Makes the sessions known to those who have flows and questions for them.
void announce(container_pointer self);

} // namespace pier::actors
