#pragma once

/// One question of a person: why a container's connection comes about or not.
/// It takes the steps that a flow of the container would take, with the same
/// pure functions, and tries what only a trial can tell: it asks the name
/// servers, and connects from the host, at once closed again.
///
///     naming ──A, AAAA──▶ for each address: policy, route ─▶ dialing ─▶ gone
///                                                      └▶ proxy ┘
///
/// The first address that answers decides; where none does, the first one that
/// was tried. Never restarted: whoever asked hears of its death.

#include "actors/runtime/pledge.hpp"
#include "messages/handles.hpp"
#include "net/gateway/address_plan.hpp"
#include "net/network.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::actors {

struct why_args {
  net::network* network = nullptr;
  destination to;
  /// For A and AAAA; none where it is an address.
  std::vector<name_course> courses;
  guest_rules rules;
  net::guest_network guests;
  /// By which the container has been told the address.
  std::vector<std::string> names;
  /// The limit that one more flow would go beyond, or "pause"; empty: none.
  std::string declined;
};

struct why_state {
  static const char* name;

  health describe() const;

  /// Notes a step, and how long it took since the last one.
  void note(std::string what, bool good, std::string detail);

  /// Why this address is not reached; the first one stands in the answer.
  void fail(std::string cause, ec verdict, std::string text);

  why_args args;
  std::optional<pledge<explanation>> owed;
  explanation out;
  bool failed = false;
  const caf::actor_clock* clock = nullptr;
  caf::actor_clock::time_point since;
  /// How far the courses have come.
  size_t asked = 0;
  std::vector<ip_address> addresses;
  /// The first trouble that those who were asked had.
  found_name unknown;
  size_t address = 0;
  std::vector<endpoint> targets;
  /// The name of the proxy that is being looked up; empty: none is.
  std::string proxy;
  std::unique_ptr<net::trial> trial;
  /// Of the trial that is on its way.
  uint64_t number = 0;
};

why_actor::behavior_type
why(why_actor::stateful_pointer<why_state> self, why_args args);

} // namespace pier::actors
