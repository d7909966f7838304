#pragma once

/// The root of the tree: gateway, DNS, containers, static forwards, SOCKS and,
/// where there is a door for them, consoles, each of which falls alone. Whoever
/// is reborn is introduced to the containers again, and they to it. What an
/// embedder asks goes through here to the containers as they are now.
///
/// New settings come in two steps: whatever can refuse is asked, and then all
/// that differs is told to whom it concerns, in one go, which cannot fail. Who
/// dies meanwhile is reborn with them. When the guests' addresses change the
/// flows that are bound to old ones end first, while these stand and their
/// peers can hear of it, and the kernel follows.

#include "actors/console.hpp"
#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"
#include "messages/settings.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <optional>

namespace pier::actors {

struct root_args {
  net::network* network = nullptr;
  settings_ptr with;
  reporter news;
  /// Keeps what was adopted for the root that comes after this one.
  std::function<void(const settings_ptr&)> adopted;
  /// Whom consoles ask for what no actor answers; null: there are none.
  conveyor convey{};
};

struct root_state {
  static const char* name;

  static constexpr auto gateway_id = "gateway";
  static constexpr auto dns_id = "dns";
  static constexpr auto containers_id = "containers";
  static constexpr auto forwards_id = "forwards";
  static constexpr auto socks_id = "socks";
  static constexpr auto consoles_id = "consoles";

  root_args args;
  std::optional<supervision> children;
  /// How many there have been.
  uint64_t audits = 0;
};

using root_pointer = root_actor::stateful_pointer<root_state>;

root_actor::behavior_type root(root_pointer self, root_args args);

} // namespace pier::actors
