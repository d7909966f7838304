#pragma once

/// What the grammars of strings have in common. Pure.

#include "config/grammar.hpp"
#include "messages/address.hpp"

namespace pier::config {

/// A grammar of strings. `read` answers nothing where it refuses, and may say
/// why in words of its own.
template <class T, class Read, class Write>
grammar<T> of_strings(std::string words, Read read, Write write) {
  auto whole = [words,
                read](const node& from, complaints& wrong) -> std::optional<T> {
    const auto* text = from.as<std::string>();
    if (text == nullptr) {
      expect(words, from, wrong);
      return std::nullopt;
    }
    auto why = ": expected " + words;
    auto value = read(*text, why);
    if (!value)
      wrong.push_back({from.where, shown(*text) + why});
    return value;
  };
  return {words, whole, write};
}

/// A decimal number of 16 bits without leading zeros.
std::optional<uint16_t> read_number(std::string_view text, uint16_t least);

/// 10.0.0.53:5353 or [fd00::53]:5353; no port is 0.
std::optional<endpoint> read_endpoint(std::string_view text);

/// What stands between blanks.
std::vector<std::string> words_of(const std::string& text);

} // namespace pier::config
