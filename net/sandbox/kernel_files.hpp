#pragma once

/// /proc and /sys of a container, and what of them and of the host's services
/// it must not reach. `root` is the folder that is or will be its "/".

#include "messages/error.hpp"
#include "net/sandbox/plan.hpp"

namespace pier::net::box {

/// A proc of our own PID namespace.
result<void> mount_proc(int root);

/// A read-only sysfs of our own network namespace, the host's where the kernel
/// refuses one. On the host's files and network: as it is.
result<void> mount_sys(int root, const plan& what);

/// What Docker hides or makes read-only: the switches of the whole machine.
void mask_kernel_files(int root);

/// Sockets of services that would look names up in the host's name, past the
/// container's resolv.conf: systemd-resolved's and nscd's.
void mask_name_services(int root);

} // namespace pier::net::box
