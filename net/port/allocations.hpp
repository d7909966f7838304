#pragma once

/// Which container or forward of ours holds which host port. Pure.

#include "messages/error.hpp"
#include "messages/port_spec.hpp"

#include <map>
#include <string>
#include <vector>

namespace pier::net {

class allocations {
public:
  /// Refused with `Bind for IP:PORT failed: port is already allocated` when
  /// one of ours has it; an unspecified address overlaps every other of its
  /// family. The owner is named as a person calls it: "container web".
  result<void>
  take(protocol proto, const endpoint& at, const std::string& owner);
  void give_back(protocol proto, const endpoint& at);

  /// The number after the one that was found last, within the range; random
  /// ports are dealt out in turn, so that a freed one is not at once another's.
  uint16_t next_random(const port_range& within);

private:
  struct holding {
    ip_address ip;
    std::string owner;
  };
  std::map<std::pair<protocol, uint16_t>, std::vector<holding>> held_;
  uint16_t last_random_ = 0;
};

/// net.ipv4.ip_local_port_range, or 49153-65535 where it cannot be read.
port_range random_range();

} // namespace pier::net
