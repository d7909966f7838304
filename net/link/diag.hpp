#pragma once

/// Questions to sock_diag(7), of this thread's network namespace.

#include "net/fd.hpp"

#include <linux/inet_diag.h>

#include <cstdint>
#include <functional>

namespace pier::net {

fd open_diag();

/// `type` and `flags` as of a netlink header; it is a request in any case.
bool ask_diag(
  int diag, uint16_t type, uint16_t flags, const inet_diag_req_v2& what);

/// Waits, for at most a second at a time: whatever the kernel does not tell by
/// then is not there.
void dump_sockets(
  const inet_diag_req_v2& what,
  const std::function<void(const inet_diag_msg&)>& each);

} // namespace pier::net
