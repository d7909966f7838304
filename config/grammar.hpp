#pragma once

/// How the values of settings are written. Each grammar reads a node, or
/// complains at its place; writes TOML that it reads as the same value; and
/// says in words what it takes. Pure.

#include "config/node.hpp"
#include "messages/ip_subnet.hpp"
#include "messages/port_spec.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pier::config {

template <class T>
struct grammar {
  /// Goes on from "expected": "an integer from 1 to 9".
  std::string words;
  std::function<std::optional<T>(const node&, complaints&)> read;
  std::function<std::string(const T&)> write;
};

/// From `least` to `most`.
grammar<int64_t> integer(int64_t least, int64_t most);

/// A number and its unit: ms, s, m or h.
grammar<std::chrono::milliseconds>
duration(std::chrono::milliseconds least, std::chrono::milliseconds most);

/// The guests' network of one family: none of those that mean something of
/// their own, such as loopback and multicast.
grammar<ip_subnet>
guest_subnet(family kind, unsigned least_bits, unsigned most_bits);

/// An address, or a subnet, of either family.
grammar<ip_subnet> any_subnet();

grammar<ip_address> address();

/// A name of DNS without dots around it (RFC 1035, 2.3.1, and underscores),
/// kept in lower case.
grammar<std::string> domain();

/// FIRST-LAST, or "system" for none.
grammar<std::optional<port_range>> range_or_system();

/// For complaints: what a person wrote, in quotes and not at its full length.
std::string shown(std::string_view text);

/// The complaint that every grammar has about another kind of value.
void expect(const std::string& words, const node& found, complaints& wrong);

/// One of a few words.
grammar<size_t> word_of(std::vector<std::string> words);

template <class T>
grammar<T> choice(const std::vector<std::pair<std::string, T>>& all) {
  std::vector<std::string> words;
  words.reserve(all.size());
  for (const auto& each : all)
    words.push_back(each.first);
  auto inner = word_of(std::move(words));
  return {
    inner.words,
    [inner, all](const node& from, complaints& wrong) -> std::optional<T> {
      auto index = inner.read(from, wrong);
      return index ? std::optional{all[*index].second} : std::nullopt;
    },
    [inner, all](const T& value) {
      size_t index = 0;
      while (index + 1 < all.size() && all[index].second != value)
        ++index;
      return inner.write(index);
    }};
}

/// The same grammar for a type that the integers of `inner` fit into.
template <class T>
grammar<T> as(const grammar<int64_t>& inner) {
  return {
    inner.words,
    [inner](const node& from, complaints& wrong) -> std::optional<T> {
      auto number = inner.read(from, wrong);
      return number ? std::optional{static_cast<T>(*number)} : std::nullopt;
    },
    [inner](const T& value) {
      return inner.write(static_cast<int64_t>(value));
    }};
}

/// A list without repetition. Every element that is wrong is complained of.
template <class T>
grammar<std::vector<T>> list_of(grammar<T> inner, size_t least, size_t most) {
  auto words = "a list of " + std::to_string(least) + " to "
    + std::to_string(most) + ", each " + inner.words;
  auto read =
    [=](const node& from, complaints& wrong) -> std::optional<std::vector<T>> {
    const auto* all = from.as<list>();
    if (all == nullptr || all->size() < least || all->size() > most) {
      if (all == nullptr)
        expect(words, from, wrong);
      else
        wrong.push_back(
          {from.where,
           std::to_string(all->size()) + " elements are out of range: "
             + std::to_string(least) + " to " + std::to_string(most)});
      return std::nullopt;
    }
    std::vector<T> out;
    auto before = wrong.size();
    for (const auto& each : *all) {
      auto value = inner.read(each, wrong);
      if (!value)
        continue;
      if (std::find(out.begin(), out.end(), *value) != out.end())
        wrong.push_back(
          {each.where, inner.write(*value) + " stands here twice"});
      out.push_back(std::move(*value));
    }
    return wrong.size() == before ? std::optional{std::move(out)}
                                  : std::nullopt;
  };
  auto write = [inner](const std::vector<T>& all) {
    std::string out = "[";
    for (const auto& each : all)
      out += (out.size() > 1 ? ", " : "") + inner.write(each);
    return out + "]";
  };
  return {std::move(words), std::move(read), std::move(write)};
}

/// A list, or one element without brackets, which is how one is written.
template <class T>
grammar<std::vector<T>> one_or_more(const grammar<T>& inner, size_t most) {
  auto several = list_of(inner, 1, most);
  auto read =
    [=](const node& from, complaints& wrong) -> std::optional<std::vector<T>> {
    if (from.as<list>() != nullptr)
      return several.read(from, wrong);
    auto value = inner.read(from, wrong);
    return value ? std::optional{std::vector<T>{std::move(*value)}}
                 : std::nullopt;
  };
  auto write = [=](const std::vector<T>& all) {
    return all.size() == 1 ? inner.write(all.front()) : several.write(all);
  };
  return {inner.words + ", or " + several.words, read, write};
}

} // namespace pier::config
