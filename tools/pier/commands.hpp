#pragma once

/// All commands, and the word in front of them.

#include "tools/pier/command.hpp"

namespace pier::cli {

/// Runs one whole line of `pier`, without the program's name.
int obey(const arguments& words, std::map<std::string, std::string> caller);

/// Runs one command of ours, the first of the words; `help COMMAND` tells of
/// it.
int perform(const surroundings& here, arguments words);

/// `pier --help`. Pure.
std::string overview();

const std::vector<command>& commands();

} // namespace pier::cli
