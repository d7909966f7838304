#pragma once

/// Published ports.

#include "messages/ip_subnet.hpp"
#include "messages/port_spec.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace pier {

/// When a published port accepts connections.
enum class port_ready : uint8_t {
  strict,    // while the container listens too: "connected" is the truth
  listening, // always; a client of a silent container is reset
};

/// Where a port is bound that is published without an address.
enum class port_bind : uint8_t {
  all,        // 0.0.0.0 and [::]
  local,      // 127.0.0.1 and [::1]
  local_only, // as local, and no other address may be asked for
};

struct port_settings {
  port_ready ready = port_ready::strict;
  port_bind bind = port_bind::all;
  /// Addresses that ports may be bound to; 0.0.0.0 and :: are addresses of
  /// their own here. Empty: every one.
  std::vector<ip_subnet> allowed_binds;
  /// Where ports come from that are published without a number; absent: the
  /// kernel's own range (net.ipv4.ip_local_port_range).
  std::optional<port_range> random_range;
  /// Clients that wait for the port's actor to look; the kernel cuts it to
  /// net.core.somaxconn.
  unsigned backlog = 4096;
  /// Of ports that say nothing themselves.
  port_source source = port_source::nat;
  /// Likewise, and of TCP alone.
  proxy_protocol proxy = proxy_protocol::none;

  friend bool operator==(const port_settings&, const port_settings&) = default;
};

} // namespace pier
