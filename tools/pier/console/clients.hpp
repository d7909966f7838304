#pragma once

/// `pier console add-client`, `revoke` and `clients`.

#include "tools/pier/command.hpp"

#include <optional>

namespace pier::cli {

/// Nothing: the first word is none of these. They are about the keys of this
/// user, and need no daemon.
std::optional<int> console_clients(const arguments& given);

} // namespace pier::cli
