#include "tools/pier/draw_tree.hpp"

#include "tools/pier/table.hpp"

#include <algorithm>
#include <vector>

namespace pier::cli {

namespace {

constexpr std::string_view bold = "\033[1m";
constexpr std::string_view dim = "\033[2m";
constexpr std::string_view red = "\033[31m";
constexpr std::string_view green = "\033[32m";
constexpr std::string_view yellow = "\033[33m";
constexpr std::string_view plain = "\033[0m";

/// One line: what stands left of the columns, and the columns.
struct row {
  std::string branch;
  std::string name;
  std::string kind;
  std::string state;
  std::string facts;
};

std::string facts_of(const health& node) {
  std::string text;
  auto add = [&text](const std::string& fact) {
    text += (text.empty() ? "" : ", ") + fact;
  };
  if (node.restarts > 0)
    add(
      "restarted " + std::to_string(node.restarts)
      + (node.restarts == 1 ? " time" : " times"));
  for (const auto& [key, value] : node.facts)
    add(value.empty() ? key : key + " " + value);
  return printable(text);
}

/// The end of the run of leaves of one kind that begins at `begin`.
size_t end_of_run(const std::vector<health>& all, size_t begin) {
  auto end = begin;
  while (end < all.size() && all[end].children.empty()
         && all[end].kind == all[begin].kind)
    ++end;
  return end;
}

/// Role: turns the tree into rows, depth first.
struct planter {
  const tree_style& how;
  std::vector<row> rows{};

  void
  plant(const health& node, const std::string& own, const std::string& below) {
    auto kind = node.kind == node.name ? std::string{} : node.kind;
    rows.push_back(
      {own, printable(node.name), printable(kind), printable(node.state),
       facts_of(node)});
    const auto& all = node.children;
    for (size_t i = 0; i < all.size();) {
      auto end = end_of_run(all, i);
      auto shown = end <= i + how.fold + 1 ? std::max(end, i + 1)
                                           : i + how.fold;
      for (; i < shown; ++i) {
        auto last = i + 1 == all.size();
        plant(
          all[i], below + (last ? "└─ " : "├─ "),
          below + (last ? "   " : "│  "));
      }
      if (i < end) {
        auto last = end == all.size();
        rows.push_back(
          {below + (last ? "└─ " : "├─ "),
           "… and " + std::to_string(end - i) + " more", all[i].kind, "", ""});
        i = end;
      }
    }
  }
};

std::string_view colour_of(const std::string& state) {
  if (state == "up")
    return green;
  return state == "restarting" || state == "stopping" ? yellow : red;
}

std::string padded(const std::string& text, size_t columns) {
  auto used = width(text);
  return text + std::string(columns > used ? columns - used : 0, ' ');
}

} // namespace

std::string draw_tree(const health& root, const tree_style& how) {
  planter all{how};
  all.plant(root, "", "");
  size_t names = 0, kinds = 0, states = 0;
  // One long sentence as a state does not push all facts to the right.
  constexpr size_t widest_state = 12;
  for (const auto& each : all.rows) {
    names = std::max(names, width(each.branch) + width(each.name));
    kinds = std::max(kinds, width(each.kind));
    states = std::max(states, std::min(width(each.state), widest_state));
  }
  auto paint = [&how](std::string_view colour, const std::string& text) {
    return how.colour ? std::string{colour} + text + std::string{plain} : text;
  };
  std::string text;
  for (const auto& each : all.rows) {
    auto name = padded(each.name, names - width(each.branch));
    auto line = paint(dim, each.branch) + paint(bold, name) + "  "
      + paint(dim, padded(each.kind, kinds)) + "  "
      + paint(colour_of(each.state), padded(each.state, states)) + "  "
      + each.facts;
    if (!how.colour || each.facts.empty())
      line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

} // namespace pier::cli
