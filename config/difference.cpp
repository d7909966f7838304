#include "config/difference.hpp"

#include "config/document.hpp"
#include "config/schema.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace pier::config {

namespace {

const key* find(const std::string& row) {
  for (const auto& group : schema())
    for (const auto& each : group.keys)
      if (each.path == row)
        return &each;
  return nullptr;
}

std::vector<change>
compare(const key& row, const settings& was, const settings& is) {
  auto before = row.names(was);
  auto after = row.names(is);
  std::set<std::string> had{before.begin(), before.end()};
  std::set<std::string> has{after.begin(), after.end()};
  std::set<std::string> all{had};
  all.insert(has.begin(), has.end());
  std::vector<change> out;
  for (const auto& name : all) {
    change one{row.path, name, {}, {}};
    if (had.contains(name))
      one.was = row.write(was, name);
    if (has.contains(name))
      one.is = row.write(is, name);
    if (one.was != one.is)
      out.push_back(std::move(one));
  }
  return out;
}

result<void> apply(settings& to, const change& what) {
  auto refuse = [&](const std::string& why) {
    return error{ec::bad_request, full_path(what) + ": " + why};
  };
  const auto* row = find(what.row);
  if (row == nullptr)
    return refuse("there is no such key");
  if (row->has_star())
    row->erase(to, what.name);
  if (!what.is)
    return row->has_star() ? result<void>{} : refuse("it is always there");
  complaints wrong;
  auto document = read_document("it = " + *what.is, wrong);
  if (document && document->size() == 1)
    row->read({what.name, {}, document->front().value}, to, wrong);
  else if (document)
    return refuse("more than a value");
  if (!wrong.empty())
    return refuse(wrong.front().text);
  return {};
}

} // namespace

std::string full_path(const change& of) {
  const auto* row = find(of.row);
  return row == nullptr ? of.row : full_path(*row, of.name);
}

std::vector<change> diff(const settings& was, const settings& is) {
  std::vector<change> out;
  for (const auto& group : schema())
    for (const auto& each : group.keys) {
      auto some = each.differences ? each.differences(was, is)
                                   : compare(each, was, is);
      std::move(some.begin(), some.end(), std::back_inserter(out));
    }
  return out;
}

result<settings> apply(settings to, const std::vector<change>& changes) {
  for (const auto& each : changes)
    if (auto done = apply(to, each); !done)
      return done.error();
  return to;
}

} // namespace pier::config
