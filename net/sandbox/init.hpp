#pragma once

/// The first process of a container, PID 1 of its PID namespace: our own code,
/// forked by the shim and never exec'd.

#include "net/fd.hpp"
#include "net/sandbox/plan.hpp"

namespace pier::net::box {

/// What the shim hands to its fork.
struct first_process {
  fd in, out, err;
  /// The socket of the SSH agent, unbound; empty: there is to be none.
  fd agent;
  /// To the shim: `ready` and `failed` go out, `signal` and `files` come in;
  /// its end is our end.
  fd shim;
  /// A pipe's writing end that only the command's process keeps and that
  /// exec closes: its end tells the shim that the command runs.
  fd running;
};

/// Makes the mounts, starts the command, reaps whatever dies in the container,
/// passes signals on, rewrites its files, and exits with the command's status;
/// with it everything else in the PID namespace ends.
[[noreturn]] void be_first(const plan& what, first_process with);

} // namespace pier::net::box
