#pragma once

/// Everything of one guest: a supervisor of its sessions (elder) and published
/// ports (younger), of its SSH agent, which stands apart from them, and the one
/// who says what happens to its premises.
///
///     created ──open──▶ starting ──started──▶ running
///                          │ not_started         │ exited, or stop: SIGTERM,
///                          ▼                     ▼ grace, SIGKILL, exited
///                        ending ◀────────────────┘
///          children end, the premises are vacated and audited ──▶ gone
///
/// The premises (process, link, lease, host ports) are kept by `net`. When
/// this actor dies of a bug, its sessions end with it; reborn, it finds the
/// command running and the clients waiting, and goes on.

#include "actors/runtime/pledge.hpp"
#include "actors/runtime/supervision.hpp"
#include "actors/service_index.hpp"
#include "messages/handles.hpp"
#include "messages/settings.hpp"
#include "net/gateway/address_plan.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace pier::actors {

/// What a container is born with, each time.
struct container_args {
  net::network* network = nullptr;
  std::shared_ptr<net::premises> premises;
  std::shared_ptr<const settings> with;
  policy_ptr rules;
  gateway_actor gateway;
  dns_actor dns;
  containers_actor parent;
  reporter news;
};

struct container_state {
  enum class phase : uint8_t { created, starting, running, stopping, ending };

  static const char* name;
  static constexpr auto sessions_id = "sessions";
  static constexpr auto agent_id = "ssh_agent";

  health describe() const;
  sessions_actor sessions();
  void report(event::kind what, std::string text) const;

  container_args args;
  std::optional<supervision> children;
  phase now = phase::created;
  service_index services;
  /// What each port was last told of them, by its id.
  std::map<std::string, std::vector<service>> told;
  /// How many there have been.
  uint64_t captures = 0;
  /// Why the command could not be run.
  error refusal{ec::ok, {}};
  std::vector<pledge<container_info>> opening;
  std::vector<pledge<done_t>> stopping;
};

using container_pointer = container_actor::stateful_pointer<container_state>;

container_actor::behavior_type
container(container_pointer self, container_args args);

} // namespace pier::actors
