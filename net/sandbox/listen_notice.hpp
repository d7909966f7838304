#pragma once

/// The seccomp filter that announces listen(2) and bind(2) of a container.

#include "net/fd.hpp"

namespace pier::net::box {

/// Puts the filter on this process and what comes of it, for good, and returns
/// the descriptor on which the calls are announced. From then on such a call
/// waits for an answer there; when nobody holds the descriptor any more it
/// fails with ENOSYS. Needs CAP_SYS_ADMIN in our user namespace.
///
/// Empty: the kernel cannot, or a process above us has such a filter already
/// (there can be one only). Then there is no filter. Calls of another
/// architecture (32-bit programs on a 64-bit kernel) are let through
/// unannounced.
fd announce_listening();

} // namespace pier::net::box
