#pragma once

/// `pier doctor`.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view doctor_help;

int doctor(const surroundings& here, const arguments& given);

} // namespace pier::cli
