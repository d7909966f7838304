#pragma once

/// The sections of the schema, a file each.

#include "config/schema.hpp"

namespace pier::config {

section limits_section();
section network_section();
section ports_section();
section timeouts_section();

} // namespace pier::config
