#pragma once

/// The command line of pierd.

#include "messages/error.hpp"
#include "messages/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pier::daemon {

struct daemon_line {
  settings with;
  /// What was read: the words, and the text of the settings file.
  std::vector<std::string> words;
  std::string text;
  /// What was wrong with the file, when `text` is an older one that was obeyed
  /// once; else empty.
  std::string trouble;
  /// --settings; empty: where a user's are.
  std::string settings_path;
  std::string runtime_dir;
  bool until_idle = false;
  bool help = false;
  bool version = false;
};

extern const std::string_view help;

/// `with`: the settings where the line says nothing. Pure.
result<daemon_line>
parse_line(const std::vector<std::string>& words, settings with);

/// The same over the text of a settings file, which is called `name`.
result<daemon_line> read_line(
  const std::vector<std::string>& words, const std::string& name,
  const std::string& text);

/// The same over the settings file that the line names, or the user's; where it
/// is wrong, over the last text of it that was obeyed. A line that asks for
/// help or the version needs none.
result<daemon_line> read_line(const std::vector<std::string>& words);

} // namespace pier::daemon
