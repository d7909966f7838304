#include "tools/libpier/descriptor_share.hpp"

#include "net/memory_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace pier {

size_t divide_descriptors() {
  constexpr size_t least_flows = 64;
  // One costs 4 KB with all that hangs on it, at rest; as much again is for
  // its hour of work, and half of everything for others of the group.
  constexpr rlim_t memory_each = 16 << 10;
  constexpr rlim_t least_descriptors = 2048;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return std::numeric_limits<size_t>::max();
  // The last ones are the control socket's, which finds more when it must.
  constexpr rlim_t spare = 128;
  limit.rlim_cur = limit.rlim_max - std::min(spare, limit.rlim_max / 16);
  if (auto memory = net::memory_limit())
    limit.rlim_cur = std::min(
      limit.rlim_cur, std::max(*memory / memory_each, least_descriptors));
  setrlimit(RLIMIT_NOFILE, &limit);
  return std::max<size_t>(limit.rlim_cur / 4, least_flows);
}

} // namespace pier
