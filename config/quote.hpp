#pragma once

/// Words as TOML spells them. Pure.

#include <string>
#include <string_view>

namespace pier::config {

/// A basic string, with quotes.
std::string quoted(std::string_view text);

/// A name in a path: bare where TOML allows that, else in quotes.
std::string key_text(std::string_view name);

} // namespace pier::config
