#pragma once

/// One question to the kernel's routes (rtnetlink(7), RTM_GETROUTE), of this
/// thread's network namespace.

#include "net/probe/probes.hpp"

#include <cstdint>
#include <span>

namespace pier::net {

result<host_way> ask_way(const ip_address& to);

/// What the kernel answers. Pure and bounded; the device is its number.
struct way_answer {
  /// An errno; 0: there is a way.
  int refusal = 0;
  int device = 0;
  ip_address source;
  ip_address via;
};
result<way_answer> read_way(std::span<const uint8_t> bytes);

} // namespace pier::net
