#pragma once

/// What is said between us and the process that runs a PAC script, each a
/// packet of its own: a letter and a text. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace pier::net {

enum class pac_word : char {
  // ours
  self = 'I',      // our address, before anything else
  question = 'Q',  // URL, a line's end, HOST
  addresses = 'A', // of the name that was asked for: blanks between; or none
  // its
  ready = 'R',   // it has read the script
  answer = '=',  // what the script says
  failure = '!', // why it says nothing
  name = 'N',    // whose addresses it wants
};

struct pac_saying {
  pac_word what = pac_word::failure;
  std::string text;

  friend bool operator==(const pac_saying&, const pac_saying&) = default;
};

/// Longer ones are cut.
constexpr size_t max_pac_saying = 4096;

/// A script is no longer.
constexpr size_t max_pac_script = size_t{1} << 20;

std::string to_wire(const pac_saying& what);

/// Nothing: it is none.
std::optional<pac_saying> read_pac_saying(std::string_view packet);

} // namespace pier::net
