#pragma once

/// What a container sees as its files.

#include "messages/error.hpp"
#include "net/sandbox/plan.hpp"

namespace pier::net::box {

/// Makes the mounts of a container; at the end "/" is the container's root and
/// the working directory. For its first process, alone in a fresh mount
/// namespace and already in its own PID, network and UTS namespaces.
/// `terminal` is the command's terminal, -1: none; `agent` the SSH agent's
/// socket, which listens afterwards, -1: none.
///
/// On a disk nothing changes but for empty files and folders as mount points,
/// where a target or a rootfs lacks them.
result<void> make_mounts(const plan& what, int terminal, int agent);

} // namespace pier::net::box
