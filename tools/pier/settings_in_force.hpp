#pragma once

/// `pier settings` of a running daemon: what holds there, and what held.

#include "tools/pier/command.hpp"
#include "tools/pier/peers.hpp"

namespace pier::cli {

int reload_settings(const surroundings& here, const arguments& given);
int settings_status(const surroundings& here, const arguments& given);
int settings_past(const surroundings& here, const arguments& given);
int roll_settings_back(const surroundings& here, const arguments& given);

/// Prints what pierd would change to obey this text; -1: no pierd runs.
int weigh_settings(
  const surroundings& here, const std::string& text, bool json);

/// Says it when this daemon's file is not obeyed.
void warn_of_settings(peer& daemon);

} // namespace pier::cli
