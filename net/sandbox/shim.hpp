#pragma once

/// The shim: `pier-keeper sandbox`, one process a container, between the
/// control process and the container's first process.

namespace pier::net {

/// Runs until the container has ended or the channel has; what is said on the
/// channel is net/sandbox/saying. Returns the program's exit status. To be
/// called by a process that was exec'd for it and has one thread.
int run_shim(int channel_fd);

} // namespace pier::net
