#pragma once

/// What every actor does alike, installed by the first line of each.

#include "messages/atoms.hpp"
#include "messages/health.hpp"

#include <caf/scheduled_actor.hpp>

#include <stdexcept>

namespace pier::actors {

/// What `atom::fault` throws.
struct injected_fault : std::runtime_error {
  injected_fault() : std::runtime_error("injected fault") {}
};

/// An exception kills the actor and its text reaches the supervisor. Messages
/// that nobody expects are dropped: CAF's default prints their contents.
void install_manners(caf::scheduled_actor* self);

/// The two handlers of a node_actor without children. `describe` is a const
/// member of the state that returns health.
template <class Self>
auto on_status(Self* self) {
  return [self](atom::status) { return self->state.describe(); };
}

template <class Self>
auto on_fault(Self*) {
  return [](atom::fault) { throw injected_fault{}; };
}

} // namespace pier::actors
