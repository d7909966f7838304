#pragma once

/// One question of a person: what the kernel has of ours, and whose it is, by
/// net (net/audit) and by the tree: whoever is named as an owner must be there.
///
///     gathering ─▶ looking ──no fault──▶ gone
///         ▲           │ faults
///         └── pause ◀─┘ the first time: much comes and goes
///
/// A fault is what two looks find, a moment apart: what is on its way from one
/// owner to another has arrived by then. Never restarted: whoever asked hears
/// of its death.

#include "actors/runtime/pledge.hpp"
#include "messages/handles.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pier::actors {

struct audit_args {
  net::network* network = nullptr;
  root_actor root;
  audit_marks own;
};

struct audit_state {
  static const char* name;
  static constexpr std::chrono::milliseconds pause{400};

  health describe() const;

  /// Adds what only the tree knows, and says whether there is a fault.
  bool judge(std::vector<audit_row>& rows) const;

  audit_args args;
  std::optional<pledge<std::vector<audit_row>>> owed;
  std::vector<flow_info> flows;
  /// Everybody in the tree, by path.
  std::set<std::string> paths;
  /// What the first look did not like.
  std::optional<std::set<std::string>> suspects;
};

audit_actor::behavior_type
audit(audit_actor::stateful_pointer<audit_state> self, audit_args args);

} // namespace pier::actors
