#pragma once

/// The root of the tree: gateway, DNS and containers, each of which falls
/// alone. Whoever is reborn is introduced to the containers again, and they to
/// it. What an embedder asks goes through here to the containers as they are
/// now.

#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"
#include "messages/settings.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>

namespace pier::actors {

struct root_args {
  net::network* network = nullptr;
  std::shared_ptr<const settings> with;
  reporter news;
};

struct root_state {
  static const char* name;

  /// Whoever is born from now on is born with the changed settings.
  template <class Change>
  void change(Change what) {
    auto next = std::make_shared<settings>(*args.with);
    what(*next);
    args.with = std::move(next);
  }

  root_args args;
  std::optional<supervision> children;
};

root_actor::behavior_type
root(root_actor::stateful_pointer<root_state> self, root_args args);

} // namespace pier::actors
