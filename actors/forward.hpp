#pragma once

/// One static forward and its sessions. It borrows the socket that it listens
/// at, which `net` keeps: when it dies and is reborn, its flows have ended,
/// but clients have waited in the kernel's backlog meanwhile and none is lost.
///
/// One that cannot listen says so and tries again, and one that leads to a
/// container looks for it for each client: where there is none, the client is
/// refused. Whether anybody listens at its target is not known before a client
/// has come; it is dialled at once, and a client of nobody is reset.

#include "actors/runtime/backoff.hpp"
#include "actors/runtime/supervision.hpp"
#include "messages/handles.hpp"
#include "messages/tally.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::actors {

struct forward_args {
  net::network* network = nullptr;
  listen_address listen;
  forward_spec what;
  tally_ptr counted;
  reporter news;
};

struct forward_state {
  static const char* name;
  static constexpr auto sessions_id = "sessions";

  health describe() const;
  forward_info info() const;

  /// Null between death and rebirth.
  sessions_actor sessions();

  /// A refusal is news when it is not the last one again.
  void refuse(const std::string& why);
  void recover();

  forward_args args;
  std::optional<supervision> children;
  /// Held for as long as it takes clients in.
  std::shared_ptr<void> loan;
  bool open = false;
  std::string refusal;
  backoff pause;
  /// Where the containers were that clients were led to.
  std::map<std::string, std::vector<ip_address>> led;
  /// Clients that came while the sessions were dead.
  std::vector<arrival> waiting;
  uint64_t served = 0;
  uint64_t refused = 0;
};

forward_actor::behavior_type
forward(forward_actor::stateful_pointer<forward_state> self, forward_args args);

} // namespace pier::actors
