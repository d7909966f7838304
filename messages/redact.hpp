#pragma once

/// What must not be read by others, taken out of a text: the last line of
/// defence before a log or the event log. Pure.

#include <string>
#include <string_view>

namespace pier {

/// The text without the credentials of URLs, the values of headers that
/// authenticate, and private keys: "***" stands there instead.
std::string redact(std::string_view text);

} // namespace pier
