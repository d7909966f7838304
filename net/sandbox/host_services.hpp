#pragma once

/// /run/host-services: where a container finds what its host does for it. Today
/// that is the socket of the SSH agent.
///
/// Theory of operation. The folder is a small tmpfs of the container's own, and
/// the socket in it is one that the control process has made and listens to:
/// it is bound here, by the one process that sees the container's files, and
/// vanishes with them. Where the container lives on the host's files and the
/// host has no such folder, nothing may be made there: then its /run becomes a
/// tmpfs, too, in which everything that the host's has stands where it stood.
/// Limit: what the host adds to its /run later is not seen there.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <string_view>

namespace pier::net::box {

/// Also what `--mount` may name as its source, to have it elsewhere.
constexpr std::string_view agent_path = "/run/host-services/ssh-auth.sock";

/// Everybody in the container may connect (0666). `own_files`: the root is the
/// container's, and folders may be made in it.
result<void> add_host_services(int root, bool own_files, int agent);

/// The socket, as a mount that is to be attached elsewhere, too.
result<fd> clone_agent(int root);

} // namespace pier::net::box
