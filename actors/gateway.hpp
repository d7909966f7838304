#pragma once

/// The guests' network as one thing that is up or not: it keeps a keeper alive
/// and hands every flow that waits at the gate to the sessions of the guest
/// that it comes from.
///
///     opening ──opened──▶ up ──lost──▶ opening
///        │                └─adopt─▶ renumbering ──opened──▶ up
///        └─refused─▶ waiting ──pause──▶ opening
///
/// The gateway's namespace and sockets are kept by `net` and outlive both this
/// actor and the keeper: flows that run are not disturbed by the death of
/// either.

#include "actors/household.hpp"
#include "actors/runtime/backoff.hpp"
#include "actors/runtime/pledge.hpp"
#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"
#include "net/network.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <vector>

namespace pier::actors {

struct gateway_state {
  enum class phase : uint8_t { opening, up, renumbering, waiting };

  static const char* name;

  health describe() const;

  phase now = phase::opening;
  household guests;
  error refusal;
  std::vector<pledge<done_t>> waiting;
  uint64_t flows = 0;
  uint64_t strangers = 0;
  backoff pause;
  uint64_t keepers = 0;
};

gateway_actor::behavior_type gateway(
  gateway_actor::stateful_pointer<gateway_state> self, net::network* network,
  reporter news);

} // namespace pier::actors
