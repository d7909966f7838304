#include "actors/witness.hpp"

#include "actors/runtime/manners.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* witness_state::name = "witness";

caf::behavior witness(
  caf::stateful_actor<witness_state>* self, const caf::actor& whom,
  const caf::actor& wanted_by) {
  install_manners(self);
  self->set_down_handler(
    [self](const caf::down_msg& death) { self->quit(death.reason); });
  self->monitor(whom);
  self->monitor(wanted_by);
  // It hears nothing but deaths.
  return {[](atom::status) { return true; }};
}

} // namespace pier::actors
