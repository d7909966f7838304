#pragma once

/// The /dev of a container with a rootfs: a handful of the host's devices, and
/// pseudo terminals of its own.

#include "messages/error.hpp"
#include "net/fd.hpp"

namespace pier::net::box {

/// The command's terminal as a mount, to be its /dev/console: so that
/// ttyname(3) finds it there. Empty: none.
fd clone_terminal(int terminal);

result<void> mount_devices(int root, fd console);

} // namespace pier::net::box
