#pragma once

/// A line of a person, by GNU readline: with completion, and with the history
/// of earlier consoles, which only its user can read.

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pier::cli {

class prompt {
public:
  /// Words that may stand in the place of `word`, which has `before` before it
  /// on its line.
  using completion = std::function<std::vector<std::string>(
    const std::string& before, const std::string& word)>;

  explicit prompt(completion with);

  /// Keeps the history.
  ~prompt();

  prompt(const prompt&) = delete;
  prompt& operator=(const prompt&) = delete;

  /// Nothing: there are no more (Ctrl-D). A Ctrl-C begins the line anew.
  std::optional<std::string> read(const std::string& text);

private:
  std::string history_;
};

} // namespace pier::cli
