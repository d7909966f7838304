#pragma once

/// The sessions and queries of one container: a supervisor whose children are
/// born with each flow and never restarted. It bounds how many of them may
/// wait for their far side at once, so that a guest that floods harms itself,
/// and holds the rules of the container: what may leave, and how much.

#include "actors/allowance.hpp"
#include "actors/drains.hpp"
#include "actors/learned_names.hpp"
#include "actors/port_clients.hpp"
#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"
#include "messages/tally.hpp"
#include "net/gateway/address_plan.hpp"
#include "net/network.hpp"
#include "net/proxy/proxy_rule.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pier::actors {

/// Beyond them a guest's new flows are dropped in silence, and its kernel tries
/// again.
struct guest_limits {
  size_t pending = 0; // whose far side has not answered yet
  size_t flows = 0;   // all that run, clients of its ports counted
};

struct sessions_state {
  static const char* name;
  /// Of the ids of queries; those of sessions begin with their protocol.
  static constexpr std::string_view query_prefix = "query-";
  static constexpr std::string_view why_prefix = "why-";

  /// Whether the child of this id is a session.
  static bool is_flow(std::string_view id);

  health describe() const;

  void adopt(policy_ptr by);

  /// It counts on, from a state in which nothing is open.
  void adopt(tally_ptr count);

  /// A flow has ended.
  void bury(const flow_end& last);

  /// A question of this name has come to that.
  void note(const std::string& question, dns_outcome how);

  /// The lease in a new network; nobody's where nothing moves.
  lease lease_in(const renumbering_ptr& addresses) const;

  /// How many flows there are that came in by this port; empty: at all.
  uint64_t count(const std::string& port) const;

  /// A session, or a query, has gone.
  void lose(const std::string& id);

  /// The limit that one more flow out would go beyond; null: none.
  const char* limit_of(const flow& what) const;

  std::optional<supervision> children;
  net::guest_network network;
  guest_limits most;
  guest_rules rules;
  policy_limits limits; // of the rules
  learned_names names;
  allowance questions;
  uint64_t flows = 0;
  uint64_t queries = 0;
  /// Flows out, by the limit.
  std::map<std::string, uint64_t> declined;
  /// Sessions whose far side has not answered yet.
  size_t pending = 0;
  /// Descriptors of the container's ports, where they are counted.
  uint64_t held_by_ports = 0;
  /// TCP sessions, both ways.
  size_t connections = 0;
  /// Queries, and whys, that are there.
  size_t asking = 0;
  uint64_t whys = 0;
  /// Flows and names that a rule forbade, by the rule.
  std::map<std::string, uint64_t, std::less<>> forbidden;
  /// Flows that new rules or addresses have ended.
  uint64_t ended = 0;
  /// Questions beyond the limit.
  uint64_t refused = 0;
  /// A person lets no flow out.
  bool paused = false;
  /// Who says how names are answered.
  namer_actor namer;
  /// By the rules, and by what our surroundings said then; found when it is
  /// needed.
  std::optional<net::guest_proxy> proxy;
  net::system_terms_ptr proxy_by;
  port_clients clients;
  drains waiting;
  /// Kept by whoever has the place, with which it goes.
  tally_ptr counted;
  reporter news;
};

using sessions_pointer = sessions_actor::stateful_pointer<sessions_state>;

sessions_actor::behavior_type sessions(
  sessions_pointer self, net::network* network,
  const net::guest_network& guests, guest_limits most, guest_rules rules,
  tally_ptr counted, reporter news);

} // namespace pier::actors
