#pragma once

/// What a person types at a console: commands, one a line or with ";" between
/// them, each perhaps with the node that it is for in front. Pure.
///
///     line    := command { ";" command }
///     command := [ NODE ":" ] word { word }
///
/// Words are as a shell has them: quotes of both kinds, and a backslash.

#include "messages/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pier::cli {

struct spoken {
  /// Empty: for whoever is chosen.
  std::string node;
  std::vector<std::string> words;

  friend bool operator==(const spoken&, const spoken&) = default;
};

/// Commands without a word are left out; `#` begins a comment.
result<std::vector<spoken>> parse_script(std::string_view text);

} // namespace pier::cli
