#pragma once

/// From a fork of the first process to the command that was asked for.

#include "messages/error.hpp"
#include "net/sandbox/init.hpp"
#include "net/sandbox/plan.hpp"

namespace pier::net::box {

/// Session, terminal, descriptors, filter, capabilities, then exec. Tells the
/// shim `ready`, with the notify descriptor where the network is the gateway's.
/// Returns only with the reason why it cannot.
error run_command(const plan& what, const first_process& with);

} // namespace pier::net::box
