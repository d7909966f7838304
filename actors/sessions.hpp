#pragma once

/// The sessions and queries of one container: a supervisor whose children are
/// born with each flow and never restarted. It bounds how many of them may
/// wait for their far side at once, so that a guest that floods harms itself.

#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"
#include "net/gateway/address_plan.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace pier::actors {

struct sessions_state {
  static const char* name;

  health describe() const;

  std::optional<supervision> children;
  uint64_t flows = 0;
  uint64_t queries = 0;
  uint64_t declined = 0;
  /// Sessions whose far side has not answered yet.
  size_t pending = 0;
};

/// Beyond them a guest's new flows are dropped in silence, and its kernel tries
/// again.
struct guest_limits {
  size_t pending = 0; // whose far side has not answered yet
  size_t flows = 0;   // all that run, clients of its ports counted
};

sessions_actor::behavior_type sessions(
  sessions_actor::stateful_pointer<sessions_state> self, net::network* network,
  net::guest_network guests, guest_limits most, reporter news);

} // namespace pier::actors
