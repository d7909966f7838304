#pragma once

/// What every command of `pier` has in common.

#include "messages/error.hpp"

#include <CLI/App.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pier::cli {

using arguments = std::vector<std::string>;

class nodes;

/// What a command works with, besides its arguments.
struct surroundings {
  std::string runtime_dir;
  std::map<std::string, std::string> environment;
  /// In a console: the daemons that it is attached to.
  nodes* attached = nullptr;
};

/// One command: its name, one line for `pier --help`, all of `--help`, and
/// what it does; answers the exit status.
struct command {
  std::string_view name;
  std::string_view summary;
  std::string_view help;
  int (*run)(const surroundings& here, const arguments& given);
};

/// Docker's: 125 is ours where a command's own status is passed on.
constexpr int our_failure = 125;
constexpr int cannot_run = 126;
constexpr int not_found = 127;

/// Role: the options of one command. CLI11 reads them; help and complaints are
/// in our own words.
class options {
public:
  explicit options(std::string command);

  CLI::App& app() {
    return app_;
  }

  /// Everything from the first word that is no option belongs to a command.
  void end_at_first_word();

  /// The words after the options, where end_at_first_word was said.
  arguments rest;

  /// Refused with a sentence about the first argument that is wrong. With
  /// "help_wanted", nothing else counts.
  result<void> parse(const arguments& given);

  bool help_wanted() const noexcept {
    return help_wanted_;
  }

private:
  error complaint(const CLI::ParseError& about);

  std::string command_;
  CLI::App app_;
  bool help_wanted_ = false;
  bool has_rest_ = false;
};

/// Parses the options of a command that runs to its end at once. `-1`: go on;
/// else the exit status.
int begin(
  options& of, std::string_view help, const arguments& given,
  int usage_error = 1);

/// `pier: sentence` on stderr; answers `status`.
int complain(const error& why, int status = 1);

/// `WARNING: sentence` on stderr.
void warn(std::string_view sentence);

/// Writes to stdout; false: nobody reads it any more.
bool print(std::string_view text);

} // namespace pier::cli
