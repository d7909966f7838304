#pragma once

/// What memory a control group leaves this process: the least of what its own
/// and every group above it allow, in either of the kernel's hierarchies.
/// Nothing where there is no limit, or none that can be read.

#include <cstdint>
#include <filesystem>
#include <optional>

namespace pier::net {

/// The arguments are for tests: who says which groups these are, and where
/// they are mounted.
std::optional<uint64_t> memory_limit(
  const std::filesystem::path& groups = "/proc/self/cgroup",
  const std::filesystem::path& mount = "/sys/fs/cgroup");

} // namespace pier::net
