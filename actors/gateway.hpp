#pragma once

/// The guests' network as one thing that is up or not: it keeps a keeper alive
/// and hands every flow that waits at the gate to the sessions of the guest
/// that it comes from.
///
///     opening ──opened──▶ up ──lost──▶ opening
///        └─refused─▶ waiting ──pause──▶ opening
///
/// The gateway's namespace and sockets are kept by `net` and outlive both this
/// actor and the keeper: flows that run are not disturbed by the death of
/// either.

#include "actors/household.hpp"
#include "actors/runtime/pledge.hpp"
#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"
#include "net/network.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <random>
#include <vector>

namespace pier::actors {

struct gateway_state {
  enum class phase : uint8_t { opening, up, waiting };

  static const char* name;

  health describe() const;

  /// The pause before the next try: doubled each time, with jitter, so that
  /// many supervisors on one machine do not try in step.
  std::chrono::milliseconds next_pause();

  phase now = phase::opening;
  household guests;
  error refusal;
  std::vector<pledge<done_t>> waiting;
  uint64_t flows = 0;
  uint64_t strangers = 0;
  unsigned tries = 0;
  uint64_t keepers = 0;
  std::minstd_rand random{std::random_device{}()};
};

gateway_actor::behavior_type gateway(
  gateway_actor::stateful_pointer<gateway_state> self, net::network* network,
  reporter news);

} // namespace pier::actors
