#pragma once

/// One client of the SSH agent, from accepted to gone: says for each request
/// whether it may go on. A key is used only after whoever is to be asked has
/// said yes. Never restarted: whoever dies has hung up, and the client tries
/// again.

#include "messages/handles.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace pier::actors {

struct agent_session_args {
  net::network* network = nullptr;
  /// Whose door it is; they stay while somebody talks there.
  std::shared_ptr<net::premises> premises;
  ssh_agent_terms terms;
  /// Each use, in words.
  std::function<void(std::string)> told;
};

struct agent_session_state {
  static const char* name;

  health describe() const;

  /// Why not; null: it may.
  const char* objection(const agent_request& what) const;

  void allow();
  void refuse(const std::string& why);
  void tell(const std::string& outcome) const;

  agent_session_args args;
  std::unique_ptr<net::agent_talk> talk;
  agent_event asked;
  /// Somebody is being asked.
  bool waits = false;
  uint64_t requests = 0;
};

agent_session_actor::behavior_type agent_session(
  agent_session_actor::stateful_pointer<agent_session_state> self,
  ticket client, agent_session_args args);

} // namespace pier::actors
