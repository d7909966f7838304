#pragma once

/// One DNS question of a container, from asked to answered. Never restarted:
/// whoever dies unanswered has answered SERVFAIL, and the guest asks again.

#include "messages/handles.hpp"
#include "net/network.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace pier::actors {

struct query_state {
  static const char* name;

  health describe() const;

  dns_question what;
  caf::actor_clock::time_point born;
  std::unique_ptr<net::exchange> exchange;
};

/// Takes its course. When others are asked, their failure is SERVFAIL, never
/// "no such name". `parent` hears of addresses that are to be
/// learned, and what came of it.
query_actor::behavior_type query(
  query_actor::stateful_pointer<query_state> self, net::network* network,
  const dns_question& what, const dns_course& how,
  const sessions_actor& parent);

} // namespace pier::actors
