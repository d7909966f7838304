#pragma once

/// Where this installation has its things. The surroundings say so (flags, the
/// environment), never a settings file: they cannot change while we run.

#include <string>

namespace pier {

struct path_settings {
  /// Where upstream resolvers are read from.
  std::string resolv_conf = "/etc/resolv.conf";
  /// The program `pier-keeper`; empty: beside the running program.
  std::string keeper;

  friend bool operator==(const path_settings&, const path_settings&) = default;
};

} // namespace pier
