#pragma once

/// What new settings need for SOCKS, taken before anything changes.

#include "messages/settings.hpp"
#include "net/network.hpp"

namespace pier::actors {

/// Takes the place where it is another one. Refused with the key, and nothing
/// taken, where somebody has it, or where the users could not be let in.
result<void>
reserve_socks(net::network& network, const settings& was, const settings& next);

/// Gives it back.
void release_socks(
  net::network& network, const settings& was, const settings& next);

} // namespace pier::actors
