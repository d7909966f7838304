#pragma once

/// The guests' DNS server: it decides who answers. Static names and those of
/// our own zone are answered out of them, everything else by those whom the
/// settings name; either way by a query under the sessions of the guest that
/// asks, which knows what that guest may ask.

#include "actors/household.hpp"
#include "messages/handles.hpp"
#include "messages/settings.hpp"
#include "net/dns/decision.hpp"
#include "net/dns/zone.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace pier::actors {

struct dns_state {
  static const char* name;

  health describe() const;

  void adopt(const settings& with);

  /// How a guest would be answered that asks for the addresses of this name.
  std::vector<name_course> explain(const std::string& of) const;

  /// Makes the zone's names those of the household.
  void follow_household();

  net::network* network = nullptr;
  household guests;
  net::zone zone;
  dns_settings by;
  net::dns_decision decision;
  /// Whether `by` is anybody's wish yet.
  bool adopted = false;
  uint64_t questions = 0;
  uint64_t strangers = 0;
};

dns_actor::behavior_type dns(
  dns_actor::stateful_pointer<dns_state> self, net::network* network,
  const settings& with);

} // namespace pier::actors
