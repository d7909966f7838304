#pragma once

/// What a person sees of settings in which there are credentials. Pure.

#include <string>
#include <string_view>

namespace pier::config {

/// The text with three stars for whatever stands between "://" and the last "@"
/// before the URL's path or end: in a value, in a complaint, and in a line of a
/// file that is not even TOML.
std::string conceal(std::string_view text);

} // namespace pier::config
