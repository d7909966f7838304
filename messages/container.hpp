#pragma once

/// A container as it was asked for, and as it is.

#include "messages/address.hpp"
#include "messages/flow.hpp"
#include "messages/log.hpp"
#include "messages/port_spec.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pier {

enum class network_mode : uint8_t {
  bridge, // a network of its own behind the gateway
  host,   // the host's network; publishes nothing
  none,   // a network of its own with nothing but its loopback
};

std::string_view to_string(network_mode mode) noexcept;

/// A file or folder of the host made visible in the container.
struct bind_mount {
  std::string source;
  std::string target;
  bool read_only = false;
};

/// What `pier run` and `pier attach` ask for. Validated by
/// config/container_rules before it reaches an actor.
struct container_spec {
  std::string name;
  network_mode network = network_mode::bridge;
  std::vector<port_spec> publish;
  /// `--expose`, and `-P`: publish each of them on a random port.
  std::vector<port_spec> expose;
  bool publish_all = false;
  /// Further lines of the container's hosts file: name, address.
  std::vector<std::pair<std::string, ip_address>> hosts;

  // A process of ours …
  std::vector<std::string> command;
  std::vector<std::string> environment; // K=V
  std::vector<bind_mount> mounts;
  std::string hostname;
  std::string rootfs; // empty: the host's files
  std::string workdir;
  bool terminal = false;

  // … or the network namespace of another runtime, by path or pid.
  std::string netns;

  bool attached() const noexcept {
    return !netns.empty();
  }
};

/// Where a guest lives in the guest network. `number` is its offset in both
/// subnets, `link` names its link and stays when the addresses do not. An
/// unspecified address is none: the network is of the other family alone.
struct lease {
  uint32_t number = 0;
  ip_address v4 = ip_address::any(family::v4);
  ip_address v6 = ip_address::any(family::v6);
  uint32_t link = 0;

  /// Those that there are, IPv4 first.
  std::vector<ip_address> addresses() const;

  friend bool operator==(const lease&, const lease&) = default;
};

/// A socket of a guest that waits for clients.
struct service {
  protocol proto = protocol::tcp;
  endpoint at;

  friend auto operator<=>(const service&, const service&) = default;
};

enum class container_state : uint8_t { created, running, stopping, exited };

std::string_view to_string(container_state state) noexcept;

/// A container as it really is now.
struct container_info {
  std::string name;
  container_state state = container_state::created;
  network_mode network = network_mode::bridge;
  lease address;
  std::vector<bound_port> ports;
  std::vector<std::string> command;
  std::string netns;
  /// Seconds since the epoch.
  int64_t started = 0;
  /// Of the command, in the host's PID namespace; 0: none.
  int pid = 0;
  /// As a shell counts: 128 + signal for a death by signal. Meaningful when
  /// exited.
  int exit_status = 0;
  /// Why the command could not be run, or the network failed; empty: it did.
  std::string failure;
  std::vector<std::string> warnings;
};

/// What its premises tell a container. Told again, in this order, to whoever
/// watches anew.
struct premises_event {
  enum class kind : uint8_t {
    started,     // the command runs; `pid` in the host's PID namespace
    not_started, // it cannot be run; `why` is what a person reads
    exited,      // it has ended with `status`
    listening,   // the whole set of `services` has changed
  };
  kind what = kind::exited;
  int pid = 0;
  int status = 0;
  error why;
  std::vector<service> services;
};

/// News for whoever embeds us.
struct event {
  enum class kind : uint8_t {
    gateway_up,
    gateway_lost,
    forward_up,      // it takes clients in
    forward_refused, // it cannot, for now: `text` says why
    created,
    started,
    exited,
    removed,
    port_opened,
    port_closed,
    settings_changed,
    settings_refused,
    console_opened, // `text` begins with its client
    console_closed,
    console_acted,
    ssh_agent,     // a container has used it, or was refused
    socks,         // it is on, or off, or somebody was refused
    capture_begun, // `text` begins with who sees the packets
    capture_ended,
    warning, // the surroundings have changed, and a person is to mend it
    fault,   // an actor died of a bug and was restarted or given up
    killed,  // by hand, like the next five: `text` says why
    restarted,
    drained,
    paused,
    resumed,
    log_changed,
    missed, // so many others, by whoever follows and reads too slowly
  };
  kind what = kind::fault;
  std::string container; // empty: not about one
  std::string text;
  /// Of the actor that it is about, below the root; empty: about none.
  std::string path{};
  /// When it was written down, in milliseconds since the epoch; 0: not yet.
  int64_t at = 0;

  friend bool operator==(const event&, const event&) = default;
};

std::string_view to_string(event::kind what) noexcept;

/// What the log says of it.
log_line line_of(const event& news);

} // namespace pier
