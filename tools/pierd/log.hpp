#pragma once

/// Where pierd's log goes: standard error.

#include "messages/container.hpp"
#include "messages/log.hpp"
#include "messages/settings/log_settings.hpp"

namespace pier::daemon {

/// Once, before the first line: the program's own logger.
void open_log(const log_settings& with);

/// From now on it is written so. The level is the program's own: what actors
/// say has been judged where it was said.
void obey_log(const log_settings& with);

/// A line of an actor.
void write_log(const log_line& what);

/// News of the program's own.
void write_log(const event& news);

} // namespace pier::daemon
