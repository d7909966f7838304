#pragma once

/// What a container's supervisor answers when a person asks why.

#include "actors/container.hpp"

namespace pier::actors {

/// Whether a flow to there comes about: its sessions know, once the DNS server
/// has said who answers for the name.
caf::result<explanation> explain(container_pointer self, const destination& to);

/// Whether a client of this port is led on; it is one of the container's.
caf::result<explanation>
explain(container_pointer self, const host_port& which);

} // namespace pier::actors
