#pragma once

/// `pier audit`: what the kernel has of Pier, and whose each piece is.

#include "messages/audit.hpp"
#include "tools/pier/command.hpp"

#include <vector>

namespace pier::cli {

extern const std::string_view audit_help;

int audit(const surroundings& here, const arguments& given);

/// Faults first, each by itself; of the others those of one owner together.
/// Pure.
std::string draw_audit(const std::vector<audit_row>& rows);

} // namespace pier::cli
