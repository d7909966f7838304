#pragma once

/// Starting a program of ours from a process that has many threads.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <sys/types.h>

#include <string>
#include <vector>

namespace pier::net {

struct spawn_plan {
  std::string program;
  /// The first one is its name.
  std::vector<std::string> arguments;
  /// Its descriptors 3, 4, and so on; there are no others but /dev/null as its
  /// input, output and, unless it may complain where we do, its errors.
  std::vector<int> descriptors;
  bool complains = false;
  /// NAME=value; of two of a name the first counts. Ours follows, if it is
  /// inherited.
  std::vector<std::string> environment{};
  bool inherits = false;
};

/// In a session of its own, with default signals.
result<pid_t> spawn(const spawn_plan& how);

/// Kills it, if it has not ended, and takes its exit status.
void end_process(pid_t which);

} // namespace pier::net
