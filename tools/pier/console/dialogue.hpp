#pragma once

/// What is said at a console, and done: the commands of `pier`, and the few
/// words that there are here only.

#include "tools/pier/command.hpp"
#include "tools/pier/console/nodes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pier::cli {

class dialogue {
public:
  /// `as_json`: each command is asked to answer so.
  dialogue(surroundings here, nodes& all, bool as_json);

  /// Does what the line says, one after the other; the last status that was not
  /// zero, or zero.
  int obey(std::string_view line);

  /// Somebody wants to leave.
  bool over() const noexcept {
    return over_;
  }

  /// Words that a command may begin with.
  static std::vector<std::string> verbs();

private:
  int perform(std::vector<std::string> words);
  int choose(const std::vector<std::string>& words);
  int list_nodes() const;

  surroundings here_;
  nodes& all_;
  bool as_json_;
  bool over_ = false;
};

} // namespace pier::cli
