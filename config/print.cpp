#include "config/print.hpp"

#include "config/quote.hpp"
#include "config/schema.hpp"

#include <algorithm>

namespace pier::config {

namespace {

/// A path as its table and the name therein. A chosen name may have dots of
/// its own, so the two are made of segments.
struct leaf {
  std::string table;
  std::string name;
};

leaf split(const key& of, const std::string& chosen) {
  leaf out;
  for (const auto& each : segments(of.path)) {
    if (!out.name.empty())
      out.table += (out.table.empty() ? "" : ".") + out.name;
    out.name = each == "*" ? key_text(chosen) : key_text(each);
  }
  return out;
}

/// A table of its own in a list of such.
std::string
list_table(const key& of, const settings& from, const std::string& name) {
  auto out = "[[" + segments(of.path).front() + "]]\n" + of.named_by + " = "
    + quoted(name) + "\n";
  for (const auto& line : of.lines(from, name))
    out += line + "\n";
  return out;
}

/// Every line behind a "#".
std::string covered(const std::string& text) {
  std::string out = "#";
  for (auto each : text)
    out += each == '\n' ? std::string{"\n#"} : std::string{each};
  return out + "\n";
}

/// Lines of at most 80 columns behind "# ".
std::string comment(const std::string& text) {
  constexpr size_t width = 78;
  std::string out;
  std::string line;
  size_t begin = 0;
  while (begin < text.size()) {
    auto end = std::min(text.find(' ', begin), text.size());
    auto word = text.substr(begin, end - begin);
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      out += "# " + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    begin = end + 1;
  }
  return out + "# " + line + "\n";
}

} // namespace

std::string print(const settings& of, printed which) {
  const settings defaults;
  // A table stands in one place, also where several keys choose its name.
  std::vector<std::pair<std::string, std::string>> tables;
  std::string lists;
  for (const auto& group : schema())
    for (const auto& each : group.keys)
      for (const auto& name : each.names(of)) {
        if (!each.named_by.empty()) {
          lists += "\n" + list_table(each, of, name);
          continue;
        }
        auto value = each.write(of, name);
        auto at = split(each, name);
        auto usual = which == printed::changed && !each.has_star()
          && value == each.write(defaults, name);
        if (usual)
          continue;
        auto open = std::find_if(
          tables.begin(), tables.end(),
          [&](const auto& known) { return known.first == at.table; });
        if (open == tables.end())
          open = tables.insert(tables.end(), {at.table, {}});
        open->second += at.name + " = " + value + "\n";
      }
  std::string out;
  for (const auto& [name, lines] : tables)
    out += (out.empty() ? "[" : "\n[") + name + "]\n" + lines;
  return out.empty() && !lists.empty() ? lists.substr(1) : out + lists;
}

std::string settings_template() {
  const settings defaults;
  std::string out = "# Settings of Pier. A line that begins with # and a name "
                    "shows the\n"
                    "# default: take the # away to change it.\n";
  for (const auto& group : schema()) {
    out += "\n" + comment(group.help);
    if (group.keys.front().named_by.empty())
      out += "[" + group.path + "]\n";
    for (const auto& each : group.keys) {
      auto text = each.has_star()
        ? each.example
        : split(each, "").name + " = " + each.write(defaults, "");
      out += "\n" + comment(each.help) + comment("Here: " + each.words + ".")
        + covered(text);
    }
  }
  return out;
}

} // namespace pier::config
