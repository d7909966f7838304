#pragma once

/// A published port as the user spelled it, parsed. The grammar itself is
/// config/publish_grammar.

#include "messages/address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pier {

enum class protocol : uint8_t { tcp, udp, icmp };

std::string_view to_string(protocol proto) noexcept;

/// Whom a container takes for the client of a published port.
enum class port_source : uint8_t {
  nat,      // the gateway
  preserve, // the client, where it can be (see net/circuit/client_name)
};

std::string_view to_string(port_source source) noexcept;

/// What a container is told of a client before its first byte.
enum class proxy_protocol : uint8_t { none, v2 };

std::string_view to_string(proxy_protocol version) noexcept;

/// An inclusive range of ports. `first == 0` means "any free one".
struct port_range {
  uint16_t first = 0;
  uint16_t last = 0;

  size_t size() const noexcept {
    return size_t{last} - first + 1;
  }
  bool any() const noexcept {
    return first == 0;
  }

  friend bool operator==(const port_range&, const port_range&) = default;
};

/// One `-p`. Where `host` is longer than `container`, which is then a single
/// port, one free port of the range is taken; else the two are of one length.
struct port_spec {
  protocol proto = protocol::tcp;
  /// Absent: every address of the host, 0.0.0.0 and [::].
  std::optional<ip_address> host_ip;
  port_range host;
  port_range container;
  /// Absent: as the settings say.
  std::optional<port_source> source{};
  std::optional<proxy_protocol> proxy{};

  friend bool operator==(const port_spec&, const port_spec&) = default;
};

/// The spec in the grammar that it was parsed from.
std::string to_string(const port_spec& spec);

/// One port as it really is: what `pier port` prints.
struct bound_port {
  protocol proto = protocol::tcp;
  endpoint host;
  uint16_t container = 0;
  /// Whether clients can connect now: the container listens too.
  bool open = false;

  friend bool operator==(const bound_port&, const bound_port&) = default;
};

} // namespace pier
