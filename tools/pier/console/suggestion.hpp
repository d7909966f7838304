#pragma once

/// What may come next on a line.

#include "messages/health.hpp"
#include "tools/pier/console/nodes.hpp"

#include <string>
#include <vector>

namespace pier::cli {

/// What there is to be named.
struct known_names {
  std::vector<std::string> verbs;
  std::vector<std::string> nodes;
  std::vector<std::string> containers;
  /// Of actors, below the root.
  std::vector<std::string> paths;
};

/// Words that may follow `before` on a line: a command first, then what it is
/// about. Pure.
std::vector<std::string>
suggest(const std::string& before, const known_names& known);

/// The path of everybody in the tree, joined by "/". Pure.
std::vector<std::string> paths_of(const health& root);

/// The same, of what there is at the nodes that are asked; whoever does not
/// answer within a second is left out.
std::vector<std::string>
suggest(nodes& all, const std::string& before, const std::string& word);

} // namespace pier::cli
