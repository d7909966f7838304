#pragma once

/// The host's way in to the containers: where SOCKS and HTTP CONNECT are
/// spoken. It decides for each client, once it is known whom it asks for: a
/// container's address or name goes to that container's sessions, as if it had
/// come by a port of its; whoever is outside the guest network is refused, or
/// has a session here that dials from the host. Names mean what they mean to
/// the guests.
///
///     off ◀──▶ waiting (refused; tries again) ──▶ up ◀──▶ paused
///
/// It borrows the socket that it listens at, which `net` keeps: clients wait in
/// the kernel's backlog while it is reborn. New settings move it: the old place
/// is given up when the new one is taken. Sessions that are there go on.

#include "actors/runtime/backoff.hpp"
#include "actors/runtime/supervision.hpp"
#include "messages/socks_handles.hpp"
#include "net/gateway/address_plan.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::actors {

struct socks_args {
  net::network* network = nullptr;
  settings_ptr with;
  reporter news;
};

/// A client that waits for the addresses of a name of the world's.
struct resolving {
  std::vector<std::unique_ptr<net::trial>> trials;
  size_t open = 0;
  std::vector<endpoint> found;
};

struct socks_state {
  static const char* name;
  static constexpr auto sessions_id = "sessions";

  health describe() const;

  /// Of those that lead to no container; null between death and rebirth.
  sessions_actor sessions();

  /// Whether the address belongs to the guests' network.
  bool is_inside(const ip_address& ip) const;

  /// Sends a client away, and tells of it where it is not the last one again.
  void decline(const arrival& client, ec why, const std::string& text);

  void tell(const std::string& text) const;

  socks_args args;
  net::guest_network guests;
  std::optional<supervision> children;
  gateway_actor gateway;
  dns_actor dns;
  /// Where it is taken in, if anywhere.
  std::optional<endpoint> at;
  /// Held for as long as it takes clients in.
  std::shared_ptr<void> loan;
  bool open = false;
  std::string refusal;
  backoff pause;
  std::map<ticket, resolving> asking;
  std::string last_declined;
  uint64_t clients = 0;
  uint64_t declined = 0;
};

/// What the place itself must know of the settings.
socks_terms socks_terms_of(const settings& from);

using socks_pointer = socks_actor::stateful_pointer<socks_state>;

socks_actor::behavior_type socks(socks_pointer self, socks_args args);

} // namespace pier::actors
