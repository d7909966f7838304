#pragma once

/// The SSH agent of the host, for one container: one session per client that
/// comes to /run/host-services/ssh-auth.sock in it. What the sessions may do
/// is said by the terms of the settings, which change live. While it is dead,
/// clients wait in the kernel's backlog.

#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>

namespace pier::actors {

struct ssh_agent_args {
  net::network* network = nullptr;
  /// Keeps the door.
  std::shared_ptr<net::premises> premises;
  ssh_agent_terms terms;
  reporter news;
};

struct ssh_agent_state {
  static const char* name;
  /// Clients of one container at once; further ones are hung up on.
  static constexpr size_t most = 64;

  health describe() const;

  ssh_agent_args args;
  std::optional<supervision> children;
  uint64_t clients = 0;
};

ssh_agent_actor::behavior_type ssh_agent(
  ssh_agent_actor::stateful_pointer<ssh_agent_state> self, ssh_agent_args args);

} // namespace pier::actors
