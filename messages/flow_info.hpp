#pragma once

/// One flow as it stands now, for whoever looks: what `pier flows` shows.

#include "messages/flow.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier {

/// How the sides of a TCP connection stand; of what is none nothing is known.
struct flow_sides {
  /// Nothing more comes from there.
  bool guest_is_done = false;
  bool peer_is_done = false;
  /// Smoothed round trips, in microseconds; absent: none was measured.
  std::optional<uint32_t> guest_rtt;
  std::optional<uint32_t> peer_rtt;

  friend bool operator==(const flow_sides&, const flow_sides&) = default;
};

/// The state of a flow that runs: "open", "half-closed by guest", "half-closed
/// by peer", "closing"; what has no such states is "datagrams" or "echoes".
const char* state_of(protocol proto, const flow_sides& sides) noexcept;

struct flow_info {
  std::string container;
  /// Of its actor, below the root: "containers/web/sessions/tcp-12".
  std::string path;
  flow what;
  /// "dialing", "joining", or that of one that runs.
  std::string state;
  /// Where the far side was dialled, or is; port 0: nowhere yet.
  endpoint to;
  /// By which names the guest was told its destination.
  std::vector<std::string> names;
  /// The rule that let it out; empty: none has spoken.
  std::string rule;
  traffic bytes;
  /// As of flow_sides.
  std::optional<uint32_t> guest_rtt;
  std::optional<uint32_t> peer_rtt;
  /// Since its first packet.
  uint64_t milliseconds = 0;
};

} // namespace pier
