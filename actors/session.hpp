#pragma once

/// One flow of a container, from held to ended.
///
///     dialing ──dialed──▶ joining ──joined──▶ open ──ended──▶ gone
///        │ refused: the next target; after the last one the near side is
///        ▼ refused in the same words
///      gone
///
/// A session is never restarted: its peers' connection has ended with it.

#include "messages/handles.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <vector>

namespace pier::actors {

struct session_state {
  enum class phase : uint8_t { dialing, joining, open };

  static const char* name;

  ~session_state();

  health describe() const;

  /// Dials the next target, or refuses the near side with `why`. False: there
  /// was none.
  bool dial_next(ec why);

  /// Tells the sessions, once, that this one is not pending any more.
  void settle();

  flow what;
  phase now = phase::dialing;
  std::vector<endpoint> targets;
  size_t tried = 0;
  std::unique_ptr<net::circuit> circuit;
  sessions_actor parent;
};

/// `targets` are dialled in order. Empty: the near side is refused with `why`.
session_actor::behavior_type session(
  session_actor::stateful_pointer<session_state> self, net::network* network,
  const arrival& what, std::vector<endpoint> targets, ec why,
  sessions_actor parent);

} // namespace pier::actors
