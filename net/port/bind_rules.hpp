#pragma once

/// Where a published port may be bound. Pure.

#include "messages/error.hpp"
#include "messages/settings/port_settings.hpp"

#include <vector>

namespace pier::net {

/// The addresses that the port is to have: its own, or those that the settings
/// have for one without; of these the forbidden are left out as long as one
/// remains. Refused with the name of the setting that forbids it.
result<std::vector<ip_address>>
bind_addresses(const port_spec& spec, const port_settings& by);

} // namespace pier::net
