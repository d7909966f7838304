#pragma once

/// A terminal that is drawn on as a whole, by ncurses.

#include "tools/pier/top/view.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace pier::cli {

/// Role: the one screen of a process. Lifetime: the terminal is itself again
/// when this is destroyed.
class screen {
public:
  screen();
  ~screen();

  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;

  size_t columns() const noexcept;
  size_t rows() const noexcept;

  /// Only what differs from before is sent.
  void draw(const std::vector<styled>& lines);

  /// What was pressed, for view::press; nothing: nobody has pressed anything.
  std::optional<int> pressed();

  /// The terminal has another size now.
  void resize();
};

} // namespace pier::cli
