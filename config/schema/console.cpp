#include "config/place_grammar.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"

#include <limits>

namespace pier::config {

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
