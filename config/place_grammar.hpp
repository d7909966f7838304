#pragma once

/// How places of the host are written: where to listen, and files. Pure.

#include "config/grammar.hpp"
#include "messages/address.hpp"

#include <optional>
#include <string>

namespace pier::config {

/// ADDRESS:PORT, where to listen; "off": nowhere.
grammar<std::optional<endpoint>> place_or_off();

/// The path of a file, absolute or from "~/"; empty: none.
grammar<std::string> file_or_none();

} // namespace pier::config
