#pragma once

/// The host's SSH agent as containers see it: where they find it, and one client
/// of it.

#include "messages/flow.hpp"
#include "messages/ssh_agent.hpp"

#include <functional>
#include <memory>

namespace pier::net {

/// One client of the host's SSH agent, inside a container: one request at a
/// time. Destroyed, it hangs up.
class agent_talk {
public:
  using sink = std::function<void(const agent_event&)>;

  virtual ~agent_talk() = default;

  /// What was asked last goes on, and the answer comes back; of a list only
  /// the terms' keys are left. `unreachable` may follow: the client then hears
  /// a failure.
  virtual void allow(const ssh_agent_terms& on) = 0;

  /// The client hears a failure.
  virtual void refuse() = 0;
};

/// Where a container finds the SSH agent. Clients wait while nobody watches.
class agent_door {
public:
  virtual ~agent_door() = default;

  /// Hears of every client, and of those that wait already.
  virtual void watch(std::function<void(ticket)> client) = 0;

  /// Null: it has hung up meanwhile.
  virtual std::unique_ptr<agent_talk>
  claim(ticket number, agent_talk::sink events) = 0;
};

} // namespace pier::net
