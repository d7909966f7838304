#pragma once

/// Restart policy as data.

#include <caf/actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace pier::actors {

/// Whether a child that has ended is born again.
enum class restart : uint8_t {
  always,
  on_failure, // not after a normal end
  never,
};

/// What a death means for the siblings.
enum class fate : uint8_t {
  alone,   // nothing
  younger, // those born after it end, and are born again after it
};

struct child_spec {
  /// Unique among the siblings; a part of the path.
  std::string id;
  std::function<caf::actor()> make;
  restart when = restart::always;
  /// From the request to end to the kill.
  std::chrono::milliseconds grace{5000};
  /// Where fates are tied, this one's is not: it falls with no elder, and no
  /// younger one with it.
  bool apart = false;
};

/// Each child may die `deaths` times within `within`; it is reborn after a
/// pause that starts at `first_pause` and doubles with each death in the
/// window. One death more is too many: the question goes up one floor.
struct restart_budget {
  size_t deaths = 5;
  std::chrono::seconds within{10};
  std::chrono::milliseconds first_pause{2};
  std::chrono::milliseconds last_pause{1000};
};

} // namespace pier::actors
