#include "config/quote.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"
#include "config/string_grammar.hpp"

#include <limits>

namespace pier::config {

namespace {

/// Where to listen, or "off" for nowhere.
grammar<std::optional<endpoint>> place_or_off() {
  using value = std::optional<endpoint>;
  return of_strings<value>(
    R"(ADDRESS:PORT, or "off")",
    [](const std::string& text, std::string&) -> std::optional<value> {
      if (text == "off")
        return value{};
      auto at = read_endpoint(text);
      if (!at || at->port == 0)
        return std::nullopt;
      return std::optional<value>{std::in_place, *at};
    },
    [](const value& of) { return quoted(of ? to_string(*of) : "off"); });
}

} // namespace

section console_section() {
  using group = console_settings;
  auto here = &settings::console;
  return {
    "console",
    "Who may look at this Pier, besides its own user.",
    {
      row(
        "console.listen", here, &group::listen, place_or_off(),
        "Where consoles of other machines are let in, by TLS and with a "
        "certificate of \"pier console add-client\"."),
      row(
        "console.observers", here, &group::observers,
        list_of(
          as<uint32_t>(integer(0, std::numeric_limits<uint32_t>::max())), 0,
          64),
        "Users, by number, who may read at the control socket, and nothing "
        "else."),
    }};
}

} // namespace pier::config
