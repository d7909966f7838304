#pragma once

/// The consoles that are attached, by number. The youngest child of the root:
/// nobody depends on it. A console that ends is not restarted; its client has
/// to come again.

#include "actors/console.hpp"

#include <optional>

namespace pier::actors {

struct consoles_args {
  root_actor root;
  conveyor convey;
  reporter news;
};

struct consoles_state {
  static const char* name;

  consoles_args args;
  std::optional<supervision> children;
};

consoles_actor::behavior_type consoles(
  consoles_actor::stateful_pointer<consoles_state> self, consoles_args args);

} // namespace pier::actors
