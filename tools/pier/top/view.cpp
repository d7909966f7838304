#include "tools/pier/top/view.hpp"

#include "tools/pier/table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

namespace pier::cli {

namespace {

constexpr size_t gap = 2;
constexpr size_t around = 4; // headline, views, titles, keys
constexpr size_t from_the_end = std::numeric_limits<size_t>::max() / 2;

constexpr std::string_view keys = " 1 2 3 view   s sort   r reverse   / filter "
                                  "  ↑ ↓ scroll   space hold   q "
                                  "quit";

std::string plural(size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string headline_text(const ledger& from, const headline& head) {
  const auto& seen = from.seen();
  pace all;
  for (const auto& each : seen.flows) {
    all.sent += from.of_flow(each).now.sent;
    all.received += from.of_flow(each).now.received;
  }
  auto rate = [](double bytes) {
    return human_size(static_cast<uint64_t>(bytes)) + "/s";
  };
  std::ostringstream out;
  out << plural(seen.containers.size(), "container") << "   "
      << plural(seen.flows.size(), "flow") << "   out " << rate(all.sent)
      << "   in " << rate(all.received) << "   every "
      << std::round(head.seconds * 10) / 10 << " s";
  return out.str();
}

/// Where the column stands that says how much moves.
size_t busiest_of(const sheet& all) {
  size_t at = 0;
  while (at + 1 < all.columns.size() && !all.columns[at].graph)
    ++at;
  return at;
}

std::string fitted(std::string_view text, size_t columns) {
  auto cut = shorten(printable(text), columns);
  cut.append(columns - std::min(columns, width(cut)), ' ');
  return cut;
}

/// Words longer than a quarter of the screen are cut; columns that have no room
/// are left out, from the right.
std::vector<size_t> widths_of(const sheet& all, size_t columns) {
  std::vector<size_t> widths;
  size_t used = 0;
  auto longest = std::max<size_t>(columns / 4, 8);
  for (size_t i = 0; i < all.columns.size(); ++i) {
    auto most = width(all.columns[i].title) + 2;
    for (const auto& row : all.rows)
      most = std::max(most, std::min(width(row[i].text), longest));
    used += most + (i == 0 ? 0 : gap);
    if (i > 0 && used > columns)
      break;
    widths.push_back(std::min(most, columns));
  }
  return widths;
}

std::string padded(const std::string& text, size_t columns, bool to_the_right) {
  auto cut = shorten(printable(text), columns);
  std::string room(columns - width(cut), ' ');
  return to_the_right ? room + cut : cut + room;
}

template <class Text>
std::string
line_of(const sheet& all, const std::vector<size_t>& widths, Text text) {
  std::string line;
  for (size_t i = 0; i < widths.size(); ++i)
    line += (i == 0 ? "" : std::string(gap, ' '))
      + padded(text(i), widths[i], all.columns[i].number);
  return line;
}

} // namespace

void view::choose(subject what) {
  about_ = what;
  first_ = 0;
}

void view::type(int what) {
  if (what == static_cast<int>(key::enter))
    typing_ = false;
  else if (what == static_cast<int>(key::escape)) {
    typing_ = false;
    filter_.clear();
  } else if (what == static_cast<int>(key::backspace)) {
    if (!filter_.empty())
      filter_.pop_back();
  } else if (what >= ' ' && what < 0x7F)
    filter_ += static_cast<char>(what);
  first_ = 0;
}

bool view::press(int what) {
  if (typing_) {
    type(what);
    return true;
  }
  auto& by = orders_[static_cast<size_t>(about_)];
  switch (what) {
    case 'q':
      return false;
    case '1':
    case '2':
    case '3':
      choose(static_cast<subject>(what - '1'));
      break;
    case static_cast<int>(key::tab):
      choose(static_cast<subject>((static_cast<int>(about_) + 1) % 3));
      break;
    case 's':
      by.column = (by.column.value_or(busiest_) + 1) % columns_;
      break;
    case 'r':
      by.backward = !by.backward;
      break;
    case '/':
      typing_ = true;
      break;
    case static_cast<int>(key::escape):
      filter_.clear();
      break;
    case ' ':
      held_ = !held_;
      break;
    case static_cast<int>(key::up):
      first_ -= std::min<size_t>(first_, 1);
      break;
    case static_cast<int>(key::down):
      ++first_;
      break;
    case static_cast<int>(key::page_up):
      first_ -= std::min(first_, page_);
      break;
    case static_cast<int>(key::page_down):
      first_ += page_;
      break;
    case static_cast<int>(key::home):
      first_ = 0;
      break;
    case static_cast<int>(key::end):
      first_ = from_the_end;
      break;
    default:
      break;
  }
  return true;
}

std::string view::views_line() const {
  std::string line;
  for (auto each : {subject::containers, subject::ports, subject::flows}) {
    auto label = std::to_string(static_cast<int>(each) + 1) + " "
      + std::string{to_string(each)};
    line += each == about_ ? "[" + label + "] " : " " + label + "  ";
  }
  if (typing_ || !filter_.empty())
    line += "  / " + filter_ + (typing_ ? "_" : "");
  if (held_)
    line += "   (held)";
  return line;
}

sheet view::rows_of(const ledger& from, int64_t now) const {
  auto all = make_sheet(about_, from, now);
  keep(all, filter_);
  const auto& by = orders_[static_cast<size_t>(about_)];
  // Rows that stand equal stay where they are.
  sort_by(all, 0, false);
  sort_by(all, by.column.value_or(busiest_of(all)), by.backward);
  return all;
}

std::vector<styled> view::draw(
  const ledger& from, const headline& head, size_t columns, size_t rows) {
  auto all = rows_of(from, head.now);
  const auto& by = orders_[static_cast<size_t>(about_)];
  columns_ = all.columns.size();
  busiest_ = busiest_of(all);
  page_ = rows > around ? rows - around : 1;
  first_ = std::min(first_, all.rows.size() - std::min(all.rows.size(), page_));
  auto sorted = by.column.value_or(busiest_);
  auto widths = widths_of(all, columns);
  std::vector<styled> lines;
  lines.push_back({headline_text(from, head), style::strong});
  lines.push_back({views_line(), style::plain});
  lines.push_back(
    {line_of(
       all, widths,
       [&](size_t i) {
         const auto& title = all.columns[i].title;
         return i != sorted ? title : title + (by.backward ? " ▲" : " ▼");
       }),
     style::heading});
  for (auto i = first_; i < all.rows.size() && lines.size() + 1 < rows; ++i)
    lines.push_back(
      {line_of(all, widths, [&](size_t n) { return all.rows[i][n].text; }),
       style::plain});
  if (all.rows.empty())
    lines.push_back(
      {filter_.empty() ? "nothing is there" : "nothing fits the filter",
       style::faint});
  lines.resize(std::max<size_t>(rows, 1) - 1);
  lines.push_back(
    head.trouble.empty() ? styled{std::string{keys}, style::heading}
                         : styled{head.trouble, style::strong});
  for (auto& each : lines)
    each.text = fitted(each.text, columns);
  return lines;
}

} // namespace pier::cli
