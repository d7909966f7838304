#pragma once

/// TOML (toml.io, 1.0) as nodes. The only file that knows the parser.

#include "config/node.hpp"

#include <optional>

namespace pier::config {

/// More is no settings file.
constexpr size_t longest_document = size_t{1} << 20;

/// Nothing: the complaint, the first and only one, says where the grammar of
/// TOML ends to hold; that goes for a name that is given twice, too.
std::optional<table> read_document(std::string_view text, complaints& wrong);

} // namespace pier::config
