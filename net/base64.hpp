#pragma once

/// Base64 (RFC 4648), as headers have it. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace pier::net {

std::string to_base64(std::string_view bytes);

/// Nothing: it is none.
std::optional<std::string> from_base64(std::string_view text);

} // namespace pier::net
