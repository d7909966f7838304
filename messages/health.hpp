#pragma once

/// How an actor is: what `pier tree` draws.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pier {

/// One node of the live supervision tree. Every actor answers with its own;
/// a supervisor adds those of its children.
struct health {
  /// The name within its parent.
  std::string name;
  /// The noun of its file: "session", "published_port", …
  std::string kind;
  /// "up", "restarting", "stopping", "no answer", or a refusal's sentence.
  std::string state = "up";
  /// Deaths that its supervisor has mended.
  uint64_t restarts = 0;
  /// For a person, in order of importance.
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<health> children;
};

} // namespace pier
