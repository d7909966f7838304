#pragma once

/// A file becomes another one, at once and durably: whoever reads it finds the
/// old text or the new one, also after a crash.

#include "messages/error.hpp"

#include <sys/types.h>

#include <string>
#include <string_view>

namespace pier::control {

/// A link is followed. `mode` is that of a file that was not there.
result<void> replace_file(
  const std::string& path, std::string_view text, mode_t mode = 0600);

} // namespace pier::control
