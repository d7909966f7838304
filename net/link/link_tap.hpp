#pragma once

/// Sockets that hear what goes over a guest's link, at the gateway's end of it:
/// the guest cannot move that, and nobody else's packets come there but those
/// that are for it, too.

#include "messages/error.hpp"
#include "net/fd.hpp"
#include "net/link/guest_link.hpp"

namespace pier::net {

/// Called in the gateway's namespace. A packet socket (AF_PACKET) that knows
/// its link and hears nothing yet: whoever has it binds it to where it is
/// already, and to a protocol.
result<fd> open_link_tap(const lease& at);

/// From now on it hears nothing, and nobody can change that.
void deafen(int packets);

} // namespace pier::net
