#pragma once

/// A static forward: what comes in at one socket of the host goes on to one
/// target. It belongs to no container. Values; how they are written is
/// config/forward_grammar.

#include "messages/address.hpp"
#include "messages/port_spec.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier {

/// Where a forward takes clients in; no two take them in at the same place, so
/// that it is known by it.
struct listen_address {
  protocol proto = protocol::tcp;
  /// Absent: every address of the host, or what ports.bind says.
  std::optional<ip_address> ip;
  uint16_t port = 0;
  /// Of a Unix stream socket, absolute; empty: it is a port.
  std::string path;

  bool is_unix() const noexcept {
    return !path.empty();
  }

  friend auto operator<=>(const listen_address&, const listen_address&)
    = default;
};

/// Where it leads: a path, a container's port, or an address and its port.
struct forward_target {
  /// Of a container only the port counts.
  endpoint at;
  std::string container;
  /// Of a Unix stream socket.
  std::string path;

  friend bool operator==(const forward_target&, const forward_target&)
    = default;
};

struct forward_spec {
  forward_target to;
  /// The target is told who its client is (net/relay/proxy_header).
  bool proxy_protocol = false;

  friend bool operator==(const forward_spec&, const forward_spec&) = default;
};

/// One that is new, leads elsewhere, or is no more.
struct forward_change {
  listen_address listen;
  std::optional<forward_spec> is;
};

/// One as it really is now.
struct forward_info {
  listen_address listen;
  forward_spec what;
  /// Why it takes no clients in, or could not lead the last one on; empty: it
  /// does.
  std::string refusal;
  bool open = false;
  uint64_t clients = 0; // that are there
  uint64_t served = 0;  // that came
  uint64_t refused = 0; // of these, for want of a container to lead them to
};

/// tcp://127.0.0.1:8080, udp://[::1]:53, tcp://:80, unix:///run/x.sock.
std::string to_string(const listen_address& at);

/// 10.1.2.3:80, web:80, unix:///run/x.sock.
std::string to_string(const forward_target& to);

} // namespace pier
