#pragma once

/// The guests' DNS server: it decides who answers. Names of our own zone are
/// answered out of it, everything else by the host's resolvers; either way by
/// a query under the sessions of the guest that asks.

#include "actors/household.hpp"
#include "messages/handles.hpp"
#include "messages/settings.hpp"
#include "net/dns/zone.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace pier::actors {

struct dns_state {
  static const char* name;

  health describe() const;

  /// Makes the zone's names those of the household.
  void follow_household();

  household guests;
  net::zone zone;
  uint64_t questions = 0;
  uint64_t strangers = 0;
};

dns_actor::behavior_type dns(
  dns_actor::stateful_pointer<dns_state> self, net::network* network,
  const settings& with);

} // namespace pier::actors
