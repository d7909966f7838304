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

#include "messages/audit.hpp"
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
#include "net/agent/agent_door.hpp"
#include "net/capture/tap.hpp"
#include "net/dns/exchange.hpp"
#include "net/port/port.hpp"
#include "net/premises/premises.hpp"
#include "net/probe/probes.hpp"
#include "net/proxy/proxy_health.hpp"
#include "net/proxy/proxy_talk.hpp"
#include "net/proxy/system_proxy.hpp"
#include "net/socks/desk.hpp"

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

  /// The same by the SOCKS5 proxy of this way, for datagrams that a guest
  /// sends; refused with ec::not_supported where it takes none. False: they are
  /// none such, and nothing follows.
  virtual bool dial_through(const proxy_way&) {
    return false;
  }

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

/// How the far side of a client is reached that came by a static forward.
struct passage {
  /// A container's address: it is dialled from the gateway; else from the host.
  bool to_guest = false;
  /// A Unix stream socket of the host, and no address is dialled.
  std::string path;
  /// The target is told first who its client is.
  bool proxy_header = false;
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

  /// A guest's TCP connection that goes by a proxy; it is accepted at once.
  /// Null: as above.
  virtual std::unique_ptr<proxy_talk>
  claim_proxied(ticket number, proxy_client who, proxy_talk::sink events) = 0;

  /// Refuses a flow that nobody will claim.
  virtual void decline(ticket number, ec why) = 0;

  /// Once, before the flow is claimed; whom nobody leads goes to a guest.
  virtual void lead(ticket number, const passage& how) = 0;

  /// Takes descriptors over until `premises::start` or `discard`.
  virtual ticket deposit(stdio what) = 0;
  virtual void discard(ticket number) = 0;

  /// The reader's ends of a tap, to be sent to him; none: the ticket is void.
  virtual tap_ends take_tap(ticket number) = 0;

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

  // -- SOCKS ------------------------------------------------------------------

  virtual socks_desk& socks() = 0;

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

  /// Whether `lead_directly` could be; refused with the mend.
  virtual result<void> can_lead_directly() = 0;

  /// From now on the host's own packets go to guests straight (net/gateway/
  /// direct_link), or no longer; with the gateway, where there is none yet.
  virtual void lead_directly(bool on) = 0;

  /// Hears, in words, of each route of the host that comes to lead into the
  /// guests' network, why packets cannot go straight, and of whom first packets
  /// are dropped unseen.
  virtual void watch_warnings(std::function<void(const error&)> told) = 0;

  // -- people -----------------------------------------------------------------

  /// Runs a shell command, with these variables beside ours, and hears whether
  /// it succeeded. One that takes a minute has not.
  virtual void confirm(
    const std::string& command, std::vector<std::string> variables,
    std::function<void(bool)> said)
    = 0;

  // -- proxies ----------------------------------------------------------------

  /// What our surroundings say; never null, and another one when they say
  /// something else.
  virtual const system_terms_ptr& system_proxy() const = 0;

  /// Which ways out the script of these terms knows to a destination; at least
  /// one. What is wrong with the script blocks, in words.
  virtual void ask_script(
    const proxy_terms& of, const script_question& what,
    std::function<void(const std::vector<proxy_choice>&)> said)
    = 0;

  // -- what a person asks -----------------------------------------------------

  virtual probes& look() = 0;

  /// Everything that the kernel has of ours now, and whose it is; these are the
  /// flows that the actors know. It looks at each descriptor there is.
  virtual std::vector<audit_row>
  audit(const std::vector<flow_info>& flows, const audit_marks& by) = 0;

  // -- what is counted --------------------------------------------------------

  /// Of a processor, by each relay loop.
  virtual std::vector<std::chrono::microseconds> relay_times() const = 0;

  /// Of each forward that is there, and of the rebirths of the root's children:
  /// noted here by actors, for those that come after them.
  std::map<listen_address, tally_ptr> forwarded;
  tally_ptr outside = std::make_shared<tally>(); // of SOCKS, to no container
  std::map<std::string, uint64_t> restarts;

  /// Of the proxies around us: noted and asked by whoever goes by them.
  proxy_health proxies;

  // -- settings ---------------------------------------------------------------

  /// For ports that are published, and waits that begin, from now on.
  virtual void
  adopt(const port_settings& ports, const timeout_settings& timeouts)
    = 0;
};

} // namespace pier::net
