#pragma once

/// One published spec of a container, a range included. It borrows the host
/// sockets, which its container's premises keep: when it dies and is reborn,
/// clients have waited in the kernel's backlog meanwhile and none is lost.
///
/// With port_ready::strict a host port accepts only while the container
/// listens on its side: "connected" is the truth, and so is "refused".
/// Settings of ports that change reach it and its sockets at once. While a
/// person pauses it, it refuses new clients as if nobody listened.

#include "messages/handles.hpp"
#include "messages/settings.hpp"
#include "net/network.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace pier::actors {

struct published_port_args {
  /// In the tree.
  std::string id;
  std::shared_ptr<net::port> port;
  sessions_actor sessions;
  /// Where the container lives, now.
  std::function<lease()> guest;
  port_settings by;
  /// Hears of ports that open and close.
  std::function<void(event::kind, std::string)> news;
};

struct published_port_state {
  static const char* name;

  health describe() const;

  /// Opens and parks the host's ports as the container's services say, or all
  /// of them, if they are always ready; none while it is paused.
  void follow();

  void tell(event::kind what, const std::set<uint16_t>& numbers) const;

  /// Where this client of a container port may be answered, best first.
  std::vector<endpoint> targets(const flow& client) const;

  port_source source() const;

  published_port_args args;
  /// Held for as long as the port is borrowed.
  std::shared_ptr<void> loan;
  /// What listens behind them, as far as we were told.
  std::vector<service> services;
  std::set<uint16_t> open;
  /// Container ports that only IPv6 reaches.
  std::set<uint16_t> only_v6;
  /// The last refusal of the kernel to open one.
  std::string refusal;
  uint64_t clients = 0;
};

/// The host's sockets and the container's ports of runs of open ports, as
/// `docker ps` prints them: "0.0.0.0:8000-8002->80-82/tcp".
std::vector<std::string> port_runs(
  const std::vector<bound_port>& bound, const std::set<uint16_t>& numbers);

published_port_actor::behavior_type published_port(
  published_port_actor::stateful_pointer<published_port_state> self,
  published_port_args args);

} // namespace pier::actors
