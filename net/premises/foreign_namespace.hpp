#pragma once

/// The network namespace of another runtime, to be attached to.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <string>

namespace pier::net {

struct foreign_namespace {
  fd netns;
  /// Readable when the process ends that was named; empty for a path.
  fd process;
  /// Its path, for a person.
  std::string path;
};

/// `where` is a process id or the path of a namespace file, such as those of
/// ip-netns(8). Refused when it is neither, or is no network namespace.
result<foreign_namespace> open_namespace(const std::string& where);

} // namespace pier::net
