#pragma once

/// `pier kill`, `restart`, `drain`, `pause` and `resume`: what a person does to
/// the tree by hand.

#include "messages/act.hpp"
#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view kill_help;
extern const std::string_view restart_help;
extern const std::string_view drain_help;
extern const std::string_view pause_help;
extern const std::string_view resume_help;

/// Does it, says what came of it, and answers the exit status.
int carry_out(const surroundings& here, const act& what, bool as_json);

int kill(const surroundings& here, const arguments& given);
int restart(const surroundings& here, const arguments& given);
int drain(const surroundings& here, const arguments& given);
int pause(const surroundings& here, const arguments& given);
int resume(const surroundings& here, const arguments& given);

} // namespace pier::cli
