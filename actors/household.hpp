#pragma once

/// Whose sessions a guest's address leads to: what the gateway and the DNS
/// server both must know. A container makes itself known; its entry goes when
/// its sessions die, and comes again with them.

#include "messages/handles.hpp"

#include <caf/scheduled_actor.hpp>

#include <map>
#include <string>
#include <unordered_map>

namespace pier::actors {

class household {
public:
  struct entry {
    lease at;
    sessions_actor sessions;
  };

  /// Monitors the sessions; `self`'s down handler is to call `leave`.
  void enter(
    caf::scheduled_actor* self, const std::string& name, const lease& at,
    sessions_actor sessions);

  /// True when somebody left.
  bool leave(const caf::actor_addr& sessions);

  /// Null: a stranger.
  const sessions_actor* at(const ip_address& guest) const;

  const std::map<std::string, entry>& entries() const noexcept {
    return entries_;
  }

private:
  void forget(std::map<std::string, entry>::iterator which);

  std::map<std::string, entry> entries_;
  std::unordered_map<ip_address, sessions_actor> by_address_;
};

} // namespace pier::actors
