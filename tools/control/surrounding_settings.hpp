#pragma once

/// Settings that the environment of a program may change: PIER_KEEPER and
/// PIER_RESOLV_CONF.

#include "messages/settings.hpp"

namespace pier::control {

settings surrounding_settings();

/// What `--add-host NAME:host-gateway` stands for: the guests' address of the
/// host.
ip_address host_of(const settings& with);

} // namespace pier::control
