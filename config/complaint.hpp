#pragma once

/// What is wrong with a settings file, and where. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pier::config {

/// Both count from one; a column is a character, not a byte. Zero: the file as
/// a whole.
struct place {
  size_t line = 0;
  size_t column = 0;

  friend bool operator==(const place&, const place&) = default;
  friend bool operator<(const place& a, const place& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  }
};

struct complaint {
  place where;
  std::string text;

  friend bool operator==(const complaint&, const complaint&) = default;
};

using complaints = std::vector<complaint>;

/// As a compiler would say it, in the order of the file: `NAME:12:8: TEXT`, the
/// line, and a caret below. The file is hostile: what a terminal would obey is
/// replaced, a long line is cut around the caret, and after twenty complaints
/// only the number of the others is said.
std::string draw(complaints all, std::string_view name, std::string_view text);

} // namespace pier::config
