#pragma once

/// The door to the kernel: everything the actors may ask of it, and nothing
/// else. `kernel_network` is the real one; tests have a fake of their own.
///
/// One thread, the control thread, calls in and is called back. No call
/// blocks. A sink's whole body is one message to an actor: what the kernel
/// knows at once it hears from inside the call. What a call
/// returns owns its sockets and gives everything back in its destructor, and
/// calls no sink after that.
///
/// Actors die; what must outlive them stays here: the gateway, the premises of
/// each container, where static forwards listen, and whatever waits under a
/// ticket. A reborn actor watches again and is told everything anew.

#include "messages/container.hpp"
#include "messages/dns.hpp"
#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "messages/flow_info.hpp"
#include "messages/forward.hpp"
#include "messages/renumbering.hpp"
#include "messages/settings/dns_settings.hpp"
#include "messages/settings/port_settings.hpp"
#include "messages/settings/timeout_settings.hpp"
#include "messages/ssh_agent.hpp"
#include "messages/tally.hpp"
#include "net/dns/exchange.hpp"
#include "net/port/port.hpp"
#include "net/probe/probes.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

/// The two sides of one flow and the relay between them. The near side is the
/// one that called: it waits, unanswered, until `join` or `refuse`. Destroyed
/// before either, it is refused with ec::failed; destroyed after `join`, both
/// sides are reset.
class circuit {
public:
  using sink = std::function<void(const circuit_event&)>;

  virtual ~circuit() = default;

  /// Opens the far side; `dialed` or `refused` follows. May be called again
  /// after `refused`, to try another address.
  virtual void dial(const endpoint& to) = 0;

  /// After `dialed`: the near side hears yes. `joined` follows, and `ended`.
  virtual void join() = 0;

  /// The near side hears no, in the kernel's words: RST or ICMP. ec::timed_out
  /// and ec::exhausted are silence: the guest's own timer or retry decides.
  virtual void refuse(ec why) = 0;

  virtual traffic bytes() const = 0;

  /// Costs a system call a side, of TCP.
  virtual flow_sides sides() const {
    return {};
  }
};

/// One client of the host's SSH agent, inside a container: one request at a
/// time. Destroyed, it hangs up.
class agent_talk {
public:
  using sink = std::function<void(const agent_event&)>;

  virtual ~agent_talk() = default;

  /// What was asked last goes on, and the answer comes back; of a list only
  /// the terms' keys are left. `unreachable` may follow: the client then hears
  /// a failure.
  virtual void allow(const ssh_agent_terms& on) = 0;

  /// The client hears a failure.
  virtual void refuse() = 0;
};

/// Where a container finds the SSH agent. Clients wait while nobody watches.
class agent_door {
public:
  virtual ~agent_door() = default;

  /// Hears of every client, and of those that wait already.
  virtual void watch(std::function<void(ticket)> client) = 0;

  /// Null: it has hung up meanwhile.
  virtual std::unique_ptr<agent_talk>
  claim(ticket number, agent_talk::sink events) = 0;
};

/// How the far side of a client is reached that came by a static forward.
struct passage {
  /// A container's address: it is dialled from the gateway; else from the host.
  bool to_guest = false;
  /// A Unix stream socket of the host, and no address is dialled.
  std::string path;
  /// The target is told first who its client is.
  bool proxy_header = false;
};

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

/// Three descriptors for a command; taken over when deposited.
struct stdio {
  int in = -1;
  int out = -1;
  int err = -1;
};

class network {
public:
  virtual ~network() = default;

  // -- the gateway ------------------------------------------------------------

  /// Makes the gateway, or brings a lost keeper back into the one that is
  /// there, and moves what `renumber` has left behind. Flows that run are not
  /// disturbed.
  virtual void open_gateway(std::function<void(result<void>)> done) = 0;

  /// `held` hears of every flow that waits at the gate, `lost` of the keeper's
  /// death.
  virtual void watch_gateway(
    std::function<void(const arrival&)> held,
    std::function<void(const error&)> lost)
    = 0;

  /// Hears of every DNS question.
  virtual void watch_dns(std::function<void(const dns_question&)> asked) = 0;

  /// From now on answers of others are kept within these limits; those that
  /// were kept are forgotten.
  virtual void renew_dns_cache(const dns_cache_limits& limits) = 0;
  virtual dns_cache_counts count_dns_cache() const = 0;

  /// Whether the host has a way to the world for IPv6, now.
  virtual bool has_ipv6() = 0;

  // -- what waits under a ticket ----------------------------------------------

  /// Null: the ticket is void, its flow has ended meanwhile.
  virtual std::unique_ptr<circuit>
  claim(ticket number, circuit::sink events) = 0;
  virtual std::unique_ptr<exchange>
  claim_query(ticket number, exchange::sink events) = 0;

  /// Refuses a flow that nobody will claim.
  virtual void decline(ticket number, ec why) = 0;

  /// Once, before the flow is claimed; whom nobody leads goes to a guest.
  virtual void lead(ticket number, const passage& how) = 0;

  /// Takes descriptors over until `premises::start` or `discard`.
  virtual ticket deposit(stdio what) = 0;
  virtual void discard(ticket number) = 0;

  // -- containers -------------------------------------------------------------

  /// Gives a container its lease.
  virtual result<std::shared_ptr<premises>> occupy(container_spec spec) = 0;
  virtual std::vector<std::shared_ptr<premises>> occupied() const = 0;

  // -- static forwards --------------------------------------------------------

  /// Takes the place for a forward, until `release`; its one port, which starts
  /// parked, has the number of the host's, and a Unix socket's is 0. It stays
  /// as it is where it is taken for one already. Nothing: bound as the settings
  /// say that hold.
  virtual result<std::shared_ptr<port>>
  reserve(const listen_address& at, const std::optional<port_settings>& by) = 0;
  virtual std::vector<listen_address> reserved() const = 0;
  virtual void release(const listen_address& at) = 0;

  // -- addresses --------------------------------------------------------------

  /// What `renumber` would do. Refused, in words, where the other network has
  /// no room for those who are there, or a route of the host leads into it. A
  /// default that one leads into gives way: `is` then says to which.
  virtual result<renumbering> can_renumber(const network_settings& to) = 0;

  /// From now on the guests live there: every lease is another at once. The
  /// kernel follows before `open_gateway` answers the next time. Until then
  /// packets from addresses that are left are answered by RST, and clients of
  /// published ports wait.
  virtual void renumber(const renumbering& by) = 0;

  /// Hears, in words, of each route of the host that comes to lead into the
  /// guests' network.
  virtual void watch_overlaps(std::function<void(const error&)> told) = 0;

  // -- people -----------------------------------------------------------------

  /// Runs a shell command, with these variables beside ours, and hears whether
  /// it succeeded. One that takes a minute has not.
  virtual void confirm(
    const std::string& command, std::vector<std::string> variables,
    std::function<void(bool)> said)
    = 0;

  // -- what a person asks -----------------------------------------------------

  virtual probes& look() = 0;

  // -- what is counted --------------------------------------------------------

  /// Of a processor, by each relay thread.
  virtual std::vector<std::chrono::microseconds> relay_times() const = 0;

  /// Of each forward that is there, and of the rebirths of the root's children:
  /// noted here by actors, for those that come after them.
  std::map<listen_address, tally_ptr> forwarded;
  std::map<std::string, uint64_t> restarts;

  // -- settings ---------------------------------------------------------------

  /// For ports that are published, and waits that begin, from now on.
  virtual void
  adopt(const port_settings& ports, const timeout_settings& timeouts)
    = 0;
};

} // namespace pier::net
