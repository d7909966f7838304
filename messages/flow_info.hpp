#pragma once

/// One flow as it stands now, for whoever looks: what `pier flows` shows.

#include "messages/flow.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pier {

struct flow_info {
  std::string container;
  /// Of its actor, below the root: "containers/web/sessions/tcp-12".
  std::string path;
  flow what;
  /// "dialing", "joining" or "open".
  std::string state;
  /// Where the far side was dialled, or is; port 0: nowhere yet.
  endpoint to;
  /// By which names the guest was told its destination.
  std::vector<std::string> names;
  /// The rule that let it out; empty: none has spoken.
  std::string rule;
  traffic bytes;
  /// Since its first packet.
  uint64_t milliseconds = 0;
};

} // namespace pier
