#pragma once

/// What a script's myIpAddress() is: the address that this host's connections
/// with the world come from.

#include "messages/address.hpp"

namespace pier::net {

/// IPv4 first; 127.0.0.1 without a way to the world. Sends nothing.
ip_address own_address();

} // namespace pier::net
