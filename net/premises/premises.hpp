#pragma once

/// What one container occupies in the kernel, as actors see it.

#include "messages/container.hpp"
#include "messages/error.hpp"
#include "messages/tally.hpp"
#include "net/agent/agent_door.hpp"
#include "net/capture/tap.hpp"
#include "net/port/port.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

/// What one container occupies in the kernel: its lease, process, link and
/// ports. Outlives the actors that look after it; ends by `vacate` alone.
class premises {
public:
  using sink = std::function<void(const premises_event&)>;

  virtual ~premises() = default;

  virtual const container_spec& spec() const = 0;
  virtual lease address() const = 0;

  /// All of it, every bound port included: costs what there is.
  virtual container_info info() const = 0;

  /// Reserves the spec's host ports, all or none; they start parked.
  virtual result<std::shared_ptr<port>> reserve(const port_spec& spec) = 0;
  virtual std::vector<std::shared_ptr<port>> ports() const = 0;
  virtual void release(const std::shared_ptr<port>& which) = 0;

  /// Null: an attached container has none.
  virtual agent_door* agent() = 0;

  /// `opened` or `refused` follows; of one that has a network of its own.
  virtual std::unique_ptr<net::tap> tap(net::tap::sink events) = 0;

  /// Makes the namespaces, plugs them into the gateway and runs the command
  /// with the deposited descriptors; `started` or `not_started` follows.
  /// A second call does nothing.
  virtual void start(ticket stdio) = 0;

  virtual void watch(sink events) = 0;
  virtual void signal(int number) = 0;

  /// Ends whatever is left: kills the process, pulls the link, closes the
  /// ports, gives the lease back. `done` hears what the audit still found, as
  /// sentences; empty is the promise. Of several who ask, the last one hears.
  virtual void vacate(std::function<void(std::vector<std::string>)> done) = 0;

  /// When a command that was told to end must have ended: noted here by an
  /// actor, for the one that comes after it.
  std::optional<std::chrono::steady_clock::time_point> overdue;

  /// The same, that a person lets no flow out.
  bool paused = false;

  /// The same, what is counted of it.
  const tally_ptr counted = std::make_shared<tally>();
};

} // namespace pier::net
