#pragma once

/// What the kernel knows of a TCP connection.

#include <cstdint>
#include <optional>

namespace pier::net {

struct tcp_facts {
  /// Its peer has said FIN.
  bool peer_is_done = false;
  /// Smoothed, in microseconds; absent: nothing was measured.
  std::optional<uint32_t> rtt;
};

/// One system call. Of what is no TCP, such as the Unix socket that a forward
/// leads to, nothing is known.
tcp_facts facts_of(int socket) noexcept;

} // namespace pier::net
