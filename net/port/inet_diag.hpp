#pragma once

/// The kernel's list of sockets (sock_diag(7)), as far as ports are concerned.

#include "messages/container.hpp"
#include "messages/port_spec.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace pier::net {

/// A TCP listener, a TCP socket that is bound only, or an unconnected UDP
/// socket.
struct bound_socket {
  endpoint at;
  uint32_t inode = 0;
  bool listening = false;
};

/// Asks for one table; false: not sent. States: listeners and, since Linux 6.8,
/// those that are bound only of TCP; unconnected ones of UDP.
bool request_dump(int diag, family kind, protocol proto);

/// Reads what one receive gave; false: more will come. Pure and bounded.
bool read_dump(
  std::span<const uint8_t> bytes,
  const std::function<void(const bound_socket&)>& each);

/// The whole table of this process's own namespace; empty when it cannot be
/// seen.
std::vector<bound_socket> list_bound(family kind, protocol proto);

} // namespace pier::net
