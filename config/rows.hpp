#pragma once

/// Makes rows of the schema from members of settings.

#include "config/grammar.hpp"
#include "config/schema.hpp"

#include <map>

namespace pier::config {

/// A value that is always there; `at` leads to it, from settings that are
/// const or not.
template <class T, class At>
key row(std::string path, At at, grammar<T> how, std::string help) {
  key out;
  out.path = std::move(path);
  out.words = how.words;
  out.help = std::move(help);
  out.read = [=](const written& from, settings& into, complaints& wrong) {
    if (auto value = how.read(from.value, wrong))
      at(into) = std::move(*value);
  };
  out.names = [](const settings&) { return std::vector<std::string>{""}; };
  out.write = [=](const settings& from, const std::string&) {
    return how.write(at(from));
  };
  return out;
}

/// The same, in a section.
template <class Section, class T>
key row(
  std::string path, Section settings::*section, T Section::*field,
  grammar<T> how, std::string help) {
  auto at = [=](auto& all) -> auto& {
    return all.*section.*field;
  };
  return row(std::move(path), at, std::move(how), std::move(help));
}

/// Names that a person chooses, each with a value: a path that ends in a star.
/// The name itself is read by a grammar, too; two that it reads as one are two
/// of the same.
template <class Section, class T>
key named_row(
  std::string path, Section settings::*section,
  std::map<std::string, T> Section::*field, const grammar<std::string>& name,
  grammar<T> how, std::string help, std::string example) {
  key out;
  out.path = std::move(path);
  out.words = how.words;
  out.help = std::move(help);
  out.example = std::move(example);
  out.read = [=](const written& from, settings& into, complaints& wrong) {
    auto who = name.read({from.name_at, from.name}, wrong);
    auto value = how.read(from.value, wrong);
    if (who && value && !(into.*section.*field).emplace(*who, *value).second)
      wrong.push_back({from.name_at, name.write(*who) + " stands here twice"});
  };
  out.names = [=](const settings& from) {
    std::vector<std::string> all;
    for (const auto& each : from.*section.*field)
      all.push_back(each.first);
    return all;
  };
  out.write = [=](const settings& from, const std::string& who) {
    return how.write((from.*section.*field).at(who));
  };
  out.erase = [=](settings& from, const std::string& who) {
    (from.*section.*field).erase(who);
  };
  return out;
}

} // namespace pier::config
