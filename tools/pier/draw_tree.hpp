#pragma once

/// The supervision tree for a terminal. Pure.

#include "messages/health.hpp"

#include <string>

namespace pier::cli {

struct tree_style {
  bool colour = false;
  /// Of more leaves of one kind than this in a row, the rest is counted.
  size_t fold = 20;
};

/// One actor a line: its place, its state, how often it was mended, what it
/// says of itself.
std::string draw_tree(const health& root, const tree_style& how);

} // namespace pier::cli
