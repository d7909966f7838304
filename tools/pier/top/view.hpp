#pragma once

/// The screen of `pier top` as lines of text, and what the keys do to it. Pure.

#include "tools/pier/top/sheet.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace pier::cli {

/// What was pressed: a character, or one of these.
enum class key : int {
  up = 0x110000, // beyond every character
  down,
  page_up,
  page_down,
  home,
  end,
  tab,
  enter,
  escape,
  backspace,
};

enum class style : uint8_t { plain, strong, heading, faint };

struct styled {
  std::string text;
  style how = style::plain;
};

/// What the headline says, besides what was seen.
struct headline {
  double seconds = 1; // between two looks
  int64_t now = 0;    // since the epoch
  std::string trouble;
};

/// Role: which rows are shown, from where, in which order.
class view {
public:
  /// False: leave.
  bool press(int what);

  /// Exactly `rows` lines, none of them wider than `columns`.
  std::vector<styled>
  draw(const ledger& from, const headline& head, size_t columns, size_t rows);

  subject about() const noexcept {
    return about_;
  }

  /// The screen is to stand still.
  bool held() const noexcept {
    return held_;
  }

private:
  struct order {
    std::optional<size_t> column; // none: by how much moves
    bool backward = false;
  };

  void type(int what);
  void choose(subject what);
  sheet rows_of(const ledger& from, int64_t now) const;
  std::string views_line() const;

  subject about_ = subject::containers;
  std::array<order, 3> orders_;
  std::string filter_;
  bool typing_ = false;
  bool held_ = false;
  size_t first_ = 0;
  size_t columns_ = 1; // of the sheet that was drawn last
  size_t busiest_ = 0; // which of them says how much moves
  size_t page_ = 1;
};

} // namespace pier::cli
