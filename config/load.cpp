#include "config/load.hpp"

#include "config/agreement.hpp"
#include "config/document.hpp"
#include "config/grammar.hpp"
#include "config/quote.hpp"
#include "config/schema.hpp"
#include "config/spelling.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace pier::config {

namespace {

using path = std::vector<std::string>;

/// More names than anybody chooses.
constexpr size_t most_names = 10000;

std::string text_of(const path& of) {
  std::string out;
  for (const auto& each : of)
    out += (out.empty() ? "" : ".") + key_text(each);
  return out;
}

/// How the beginning of `row` fits: the star stands for any name.
bool begins(const path& row, const path& what) {
  if (what.size() > row.size())
    return false;
  for (size_t i = 0; i < what.size(); ++i)
    if (row[i] != "*" && row[i] != what[i])
      return false;
  return true;
}

class loader {
public:
  explicit loader(settings base) {
    out_.value = std::move(base);
    for (const auto& group : schema())
      for (const auto& each : group.keys)
        rows_.push_back({segments(each.path), &each});
  }

  reading run(std::string_view text) {
    if (auto document = read_document(text, out_.wrong)) {
      walk(*document, {}, {});
      weigh();
    }
    return std::move(out_);
  }

private:
  struct row {
    path where;
    const key* what;
  };

  /// What stands in the place of a star.
  struct chosen_name {
    std::string text;
    place where;
  };

  void walk(const table& all, const path& prefix, const chosen_name& chosen) {
    for (const auto& each : all) {
      auto here = prefix;
      here.push_back(each.name);
      auto name = is_star(here) ? chosen_name{each.name, each.where} : chosen;
      places_.emplace(text_of(here), each.value.where);
      visit(each, here, name);
    }
  }

  void visit(const member& one, const path& here, const chosen_name& name) {
    const auto* found = find(here);
    if (found != nullptr && found->where.size() == here.size())
      return read(*found->what, {name.text, name.where, one.value}, here);
    if (found == nullptr)
      return complain(one.where, here, reason(here));
    if (!found->what->named_by.empty())
      return visit_list(*found->what, one.value, here);
    const auto* inner = one.value.as<table>();
    if (inner == nullptr)
      return complain(
        one.value.where, here,
        "expected a table, [" + text_of(here) + "], not "
          + std::string{kind_of(one.value)});
    if (inner->size() > most_names)
      return complain(
        one.where, here,
        std::to_string(inner->size()) + " names are out of range: up to "
          + std::to_string(most_names));
    walk(*inner, here, name);
  }

  /// The tables of a list, [[forward]], each with its name inside.
  void visit_list(const key& of, const node& value, const path& here) {
    const auto* all = value.as<list>();
    if (all == nullptr)
      return complain(
        value.where, here,
        "expected tables of a list, [[" + text_of(here) + "]], not "
          + std::string{kind_of(value)});
    if (all->size() > most_names)
      return complain(
        value.where, here,
        std::to_string(all->size()) + " tables are out of range: up to "
          + std::to_string(most_names));
    std::map<std::string, size_t> lines;
    for (const auto& each : *all)
      if (const auto* inner = each.as<table>())
        read_named(of, *inner, each.where, here, lines);
      else
        complain(
          each.where, here,
          "expected a table, not " + std::string{kind_of(each)});
  }

  /// `lines`: where the names stand that were there before.
  void read_named(
    const key& of, const table& all, place where, const path& here,
    std::map<std::string, size_t>& lines) {
    node rest{where, table{}};
    const node* name = nullptr;
    for (const auto& each : all)
      if (each.name == of.named_by)
        name = &each.value;
      else
        std::get<table>(rest.what).push_back(each);
    auto name_path = here;
    name_path.push_back(of.named_by);
    if (name == nullptr)
      return complain(where, name_path, "it is missing");
    const auto* text = name->as<std::string>();
    if (text == nullptr)
      return complain(
        name->where, name_path,
        "expected a string, not " + std::string{kind_of(*name)});
    auto kept = of.kept_as(*text);
    auto [first, is_new] = lines.emplace(kept, name->where.line);
    if (!is_new)
      return complain(
        name->where, name_path,
        shown(kept) + " stands here twice: the first time in line "
          + std::to_string(first->second));
    places_.emplace(full_path(of, kept), name->where);
    complaints wrong;
    of.read({*text, name->where, rest}, out_.value, wrong);
    for (auto& each : wrong)
      out_.wrong.push_back({each.where, text_of(here) + "." + each.text});
    if (!wrong.empty())
      unread_.insert(full_path(of, kept));
  }

  /// The first row that begins so; a row of a chosen name comes after those of
  /// words.
  const row* find(const path& here) const {
    const row* found = nullptr;
    for (const auto& each : rows_)
      if (begins(each.where, here)) {
        if (each.where[here.size() - 1] == here.back())
          return &each;
        found = found == nullptr ? &each : found;
      }
    return found;
  }

  bool is_star(const path& here) const {
    const auto* found = find(here);
    return found != nullptr && found->where[here.size() - 1] == "*";
  }

  void read(const key& of, const written& from, const path& here) {
    complaints wrong;
    of.read(from, out_.value, wrong);
    for (auto& each : wrong)
      complain(each.where, here, each.text);
    if (!wrong.empty())
      unread_.insert(text_of(here));
  }

  /// Of keys that could not be read nothing is known that they could disagree
  /// about.
  void weigh() {
    for (const auto& each : disagreements(out_.value)) {
      auto failed = [&](const auto& who) { return unread_.contains(who); };
      if (std::any_of(each.about.begin(), each.about.end(), failed))
        continue;
      auto blamed = std::find_if(
        each.about.begin(), each.about.end(),
        [&](const auto& who) { return places_.contains(who); });
      if (blamed == each.about.end())
        out_.wrong.push_back({{}, each.about.front() + ": " + each.text});
      else
        out_.wrong.push_back({places_.at(*blamed), *blamed + ": " + each.text});
    }
  }

  void complain(place where, const path& here, const std::string& why) {
    constexpr size_t longest = 120;
    auto name = text_of(here);
    if (name.size() > longest)
      name = shown(name);
    out_.wrong.push_back({where, name + ": " + why});
  }

  /// Why there is no such key.
  std::string reason(const path& here) const {
    path siblings;
    std::string elsewhere;
    auto prefix = path{here.begin(), here.end() - 1};
    for (const auto& each : rows_) {
      if (begins(each.where, prefix) && each.where.size() >= here.size())
        siblings.push_back(each.where[prefix.size()]);
      if (each.where.back() == here.back() && elsewhere.empty())
        elsewhere = "; did you mean \"" + each.what->path + "\"?";
    }
    auto meant = did_you_mean(here.back(), siblings);
    return "there is no such key" + (meant.empty() ? elsewhere : meant);
  }

  std::vector<row> rows_;
  std::map<std::string, place> places_;
  std::set<std::string> unread_;
  reading out_;
};

} // namespace

reading read_settings(std::string_view text, settings base) {
  return loader{std::move(base)}.run(text);
}

result<settings>
load(std::string_view name, std::string_view text, settings base) {
  auto read = read_settings(text, std::move(base));
  if (read.wrong.empty())
    return std::move(read.value);
  auto drawn = draw(std::move(read.wrong), name, text);
  drawn.pop_back();
  return error{ec::bad_request, std::move(drawn)};
}

} // namespace pier::config
