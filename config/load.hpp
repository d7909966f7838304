#pragma once

/// Text becomes settings. Pure.

#include "config/complaint.hpp"
#include "messages/error.hpp"
#include "messages/settings.hpp"

#include <string_view>

namespace pier::config {

/// What a text says. With a complaint, `value` is of no use to anybody: a file
/// is obeyed as a whole or not at all.
struct reading {
  settings value;
  complaints wrong;
};

/// `base` is what holds where the text says nothing. Everything that is wrong
/// is complained of at once, but for the grammar of TOML itself, where only the
/// first mistake can be told from its consequences.
reading read_settings(std::string_view text, settings base = {});

/// The same, refused with all complaints drawn; `name` is what the text is
/// called in them.
result<settings>
load(std::string_view name, std::string_view text, settings base = {});

} // namespace pier::config
