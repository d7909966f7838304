#pragma once

/// A command that lives with its container: `pier run` and `pier attach`
/// without -d.

#include "tools/pier/home.hpp"

#include <boost/asio/io_context.hpp>

namespace pier::cli {

struct foreground_options {
  bool interactive = false;
  /// Signals stop the container instead of reaching its command, and a line on
  /// stdout says when it is plugged in.
  bool attach = false;
};

/// Runs the container with our own standard streams, passes signals on, and
/// answers the exit status for the shell when it has ended. Complaints have
/// been printed then, and the terminal is as it was.
int live_with(
  boost::asio::io_context& io, home& where, container_spec spec,
  const foreground_options& how);

/// The exit status for a container that was refused.
int status_of(const error& why);

/// Docker's sentence for -it without a terminal; ok else.
result<void> check_terminal(bool interactive, bool terminal);

} // namespace pier::cli
