#include "config/complaint.hpp"

#include "config/conceal.hpp"

#include <algorithm>

namespace pier::config {

namespace {

constexpr size_t most_shown = 20;
constexpr size_t width = 76;

std::string_view line_of(std::string_view text, size_t number) {
  for (size_t line = 1; line < number; ++line) {
    auto end = text.find('\n');
    if (end == std::string_view::npos)
      return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

/// The line's characters, each of one column. Bytes that are no UTF-8 were
/// refused before anybody looks at a column behind them.
std::vector<std::string> characters_of(std::string_view line) {
  std::vector<std::string> out;
  for (auto byte : line) {
    auto plain = static_cast<unsigned char>(byte);
    if ((plain & 0xc0U) == 0x80U && !out.empty())
      out.back() += byte;
    else
      out.emplace_back(1, byte);
  }
  return out;
}

/// Controls of ASCII, of Latin-1 (U+0080 to U+009F), and of the direction of
/// writing (U+202A to U+202E, U+2066 to U+2069).
bool obeyed_by_terminals(const std::string& character) {
  auto first = static_cast<unsigned char>(character[0]);
  if (first < 0x20 || first == 0x7f)
    return true;
  auto second = character.size() > 1 ? static_cast<unsigned char>(character[1])
                                     : 0U;
  if (first < 0x80)
    return false;
  return character.size() < 2 || (first == 0xc2 && second < 0xa0)
    || (first == 0xe2 && (second == 0x80 || second == 0x81));
}

std::string harmless(std::string_view text) {
  std::string out;
  for (const auto& each : characters_of(text))
    out += !obeyed_by_terminals(each) ? each : each == "\t" ? " " : "?";
  return out;
}

std::string draw_line(std::string_view text, const place& where) {
  auto line = characters_of(conceal(line_of(text, where.line)));
  if (!line.empty() && line.back() == "\r")
    line.pop_back();
  auto caret = std::min(where.column - 1, line.size());
  auto begin = caret + 1 > width ? caret + 1 - width : 0;
  auto end = std::min(line.size(), begin + width);
  std::string out = "    ";
  for (auto at = begin; at < end; ++at)
    out += harmless(line[at]);
  return out + "\n" + std::string(4 + caret - begin, ' ') + "^\n";
}

} // namespace

std::string draw(complaints all, std::string_view name, std::string_view text) {
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.where < b.where;
  });
  std::string out;
  for (size_t i = 0; i < std::min(all.size(), most_shown); ++i) {
    const auto& [where, what] = all[i];
    out += harmless(name);
    if (where.line > 0)
      out += ":" + std::to_string(where.line) + ":"
        + std::to_string(where.column);
    out += ": " + harmless(conceal(what)) + "\n";
    if (where.line > 0 && where.column > 0)
      out += draw_line(text, where);
  }
  if (all.size() > most_shown)
    out += harmless(name) + ": and " + std::to_string(all.size() - most_shown)
      + " more\n";
  return out;
}

} // namespace pier::config
