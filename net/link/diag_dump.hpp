#pragma once

/// What a dump of sock_diag(7) says, one socket after the other. Pure and
/// bounded.

#include "messages/address.hpp"

#include <linux/inet_diag.h>

#include <cstdint>
#include <functional>
#include <span>

namespace pier::net {

/// Reads what one receive gave; false: more will come.
bool walk_dump(
  std::span<const uint8_t> bytes,
  const std::function<void(const inet_diag_msg&)>& each);

/// Where the socket is, as the kernel writes it: mapped IPv4 stays mapped.
ip_address source_of(const inet_diag_msg& what);

} // namespace pier::net
