#pragma once

/// Starting the shim from the control process, which has many threads.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <string>

namespace pier::net::box {

struct shim_process {
  int pid = -1;
  /// Readable when it has ended; then it waits to be reaped.
  fd life;
};

/// Runs `keeper sandbox` in a session of its own, with an empty environment,
/// default signals, /dev/null as stdin and stdout, our stderr, `channel` as
/// descriptor 3, and no other.
result<shim_process> start_shim(const std::string& keeper, int channel);

/// A descriptor that is readable once the process has ended; empty: errno says
/// why not.
fd watch_life(int pid);

/// Takes the exit status away, for it has ended; kills it first where
/// `patience` milliseconds are not enough for it to end by itself.
void reap_shim(int pid, int life, int patience);

} // namespace pier::net::box
