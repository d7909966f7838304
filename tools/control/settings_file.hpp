#pragma once

/// The settings file of a user: where it is, and what it says.

#include "messages/error.hpp"
#include "messages/settings.hpp"

#include <string>
#include <string_view>

namespace pier::control {

/// What the choice depends on.
struct settings_place {
  std::string asked;              // --settings
  const char* variable = nullptr; // PIER_SETTINGS; empty: no file at all
  std::string xdg;                // XDG_CONFIG_HOME
  std::string home;               // HOME
};

/// Those of this process; `asked` wins over the environment.
settings_place look_for_settings(std::string asked);

/// What was asked for; else iechor/pier.toml in XDG_CONFIG_HOME, else in
/// ~/.config. A relative XDG_CONFIG_HOME does not count (XDG Base Directory
/// Specification). Empty: nowhere. Pure.
std::string choose_settings_file(const settings_place& at);

/// A path that stays right wherever the program goes.
std::string absolute_path(const std::string& path);

/// The text of that file: empty where there is none that anybody asked for.
/// Refused when it is no regular file, or longer than settings are.
result<std::string> settings_text(const settings_place& at);

/// What such a text says, over the surroundings of this process; refused with
/// every mistake of it. `name` is what the text is called in them.
result<settings> obey_text(const std::string& name, std::string_view text);

/// What the file of this process says, over its surroundings; refused with
/// every mistake of it.
result<settings> present_settings(std::string asked = {});

} // namespace pier::control
