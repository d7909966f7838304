#pragma once

/// What `pier top` shows, as rows that can be sorted and filtered. Pure.

#include "tools/control/json.hpp"
#include "tools/pier/top/ledger.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pier::cli {

enum class subject : uint8_t { containers, ports, flows };

std::string_view to_string(subject what) noexcept;

struct column {
  std::string title;
  /// Numbers: to the right, and the largest first.
  bool number = false;
  bool graph = false;
};

struct cell {
  std::string text;
  /// What it is sorted by where its column is of numbers.
  double weight = 0;
};

struct sheet {
  std::vector<column> columns;
  std::vector<std::vector<cell>> rows;
};

/// Rows about one of the three; `now` in seconds since the epoch.
sheet make_sheet(subject about, const ledger& from, int64_t now);

/// Keeps the rows in which the text occurs, whatever its case.
void keep(sheet& rows, std::string_view text);

/// Numbers from the largest, words from A to Z; `backward`: the other way.
void sort_by(sheet& rows, size_t which, bool backward);

/// All of it, as a table.
std::string draw_sheet(const sheet& all);

/// One object a row; numbers as numbers, and no graphs.
control::json::value to_json(const sheet& all);

/// The last rates as bars, the highest of them as high as a bar can be.
std::string draw_graph(const course& of);

/// "1.2 MB/s"; nothing where nothing moves.
std::string human_rate(double bytes);

} // namespace pier::cli
