#pragma once

/// Which capabilities a container's processes have: Docker's default set
/// without MKNOD.

#include "messages/error.hpp"

#include <cstdint>

namespace pier::net::box {

/// A bit per capability number.
uint64_t kept_capabilities() noexcept;

/// Takes all others out of every set of this process, for good. Needs
/// CAP_SETPCAP before, works alike as root and in a user namespace.
result<void> drop_capabilities();

} // namespace pier::net::box
