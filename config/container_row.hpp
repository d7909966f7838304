#pragma once

/// Makes rows of [container."NAME"].

#include "config/egress_grammar.hpp"
#include "config/grammar.hpp"
#include "config/schema.hpp"

#include <functional>
#include <optional>
#include <string>

namespace pier::config {

/// A key of [container."NAME"]: `get` answers nothing where the container says
/// nothing; `set` takes that, too. A container that says nothing at all is not
/// there.
template <class T>
key container_row(
  const std::string& leaf, std::function<grammar<T>(const std::string&)> how,
  std::function<std::optional<T>(const container_policy&)> get,
  std::function<void(container_policy&, std::optional<T>)> set,
  std::string help, const std::string& example) {
  auto name = container_name();
  key out;
  out.path = "container.*." + leaf;
  out.words = how("").words;
  out.help = std::move(help);
  out.example = example;
  auto put_in =
    [=](settings& into, const std::string& who, std::optional<T> v) {
      auto& all = into.policy.containers;
      set(all[who], std::move(v));
      if (all[who] == container_policy{})
        all.erase(who);
    };
  out.read = [=](const written& from, settings& into, complaints& wrong) {
    auto who = name.read({from.name_at, from.name}, wrong);
    auto value = how(full_path(out, from.name)).read(from.value, wrong);
    if (who && value)
      put_in(into, *who, std::move(value));
  };
  out.names = [=](const settings& from) {
    std::vector<std::string> all;
    for (const auto& [who, its] : from.policy.containers)
      if (get(its))
        all.push_back(who);
    return all;
  };
  out.write = [=](const settings& from, const std::string& who) {
    return how("").write(*get(from.policy.containers.at(who)));
  };
  out.erase = [=](settings& from, const std::string& who) {
    put_in(from, who, std::nullopt);
  };
  return out;
}

} // namespace pier::config
