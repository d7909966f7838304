#pragma once

/// `pier metrics`: what was counted, for Prometheus.

#include "tools/pier/command.hpp"

namespace pier::cli {

extern const std::string_view metrics_help;

int metrics(const surroundings& here, const arguments& given);

} // namespace pier::cli
