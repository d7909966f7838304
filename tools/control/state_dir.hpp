#pragma once

/// Where what is to last is kept: iechor/ in XDG_STATE_HOME, else in
/// ~/.local/state.

#include "messages/error.hpp"

#include <string>

namespace pier::control {

/// Empty: nowhere, since the environment names no home. Pure but for that.
std::string state_dir();

/// Makes the folder, and those above it that are missing (0700).
result<void> prepare_folder(const std::string& path);

} // namespace pier::control
