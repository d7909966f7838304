#pragma once

/// A Unix socket that listens in the runtime directory.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <string>

namespace pier::control {

/// Only its user, and root, can connect (0600). Binds under a name of its own
/// and renames when it listens: nobody ever finds a socket at `path` that
/// refuses because it is too young. `called`, as a refusal calls it: "the
/// control socket".
result<net::fd> listen_at(const std::string& path, const std::string& called);

} // namespace pier::control
