#include "net/memory_limit.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>

namespace pier::net {

namespace {

namespace fs = std::filesystem;

/// The old hierarchy says so, in whole pages, where the new one says "max".
constexpr uint64_t no_limit = uint64_t{1} << 62;

/// One file's word, or nothing where it says none.
std::optional<uint64_t> read_limit(const fs::path& file) {
  std::ifstream in{file};
  uint64_t bytes = 0;
  if (!(in >> bytes) || bytes >= no_limit)
    return {};
  return bytes;
}

/// From a group up to the mount, which is the last.
std::optional<uint64_t>
least_above(const fs::path& mount, fs::path group, const char* file) {
  std::optional<uint64_t> least;
  for (group = group.relative_path();; group = group.parent_path()) {
    if (auto here = read_limit(mount / group / file))
      least = std::min(least.value_or(*here), *here);
    if (group.empty())
      return least;
  }
}

} // namespace

std::optional<uint64_t>
memory_limit(const fs::path& groups, const fs::path& mount) {
  std::ifstream in{groups};
  std::optional<uint64_t> least;
  for (std::string line; std::getline(in, line);) {
    // NUMBER:CONTROLLERS:PATH, see cgroups(7).
    auto first = line.find(':');
    auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      continue;
    std::string_view controllers{line};
    controllers = controllers.substr(first + 1, second - first - 1);
    auto group = line.substr(second + 1);
    std::optional<uint64_t> here;
    if (controllers.empty())
      here = least_above(mount, group, "memory.max");
    else if (controllers == "memory")
      here = least_above(mount / "memory", group, "memory.limit_in_bytes");
    if (here)
      least = std::min(least.value_or(*here), *here);
  }
  return least;
}

} // namespace pier::net
