#pragma once

/// The gateway: the private network namespace that guests are plugged into,
/// seen from the control thread. The keeper process makes it and hands its
/// sockets over; this class holds them and outlives any keeper.
///
/// Theory of operation. The guests' first packets (TCP SYN, first datagram of
/// a UDP flow, ICMP echo request) that are not for the gateway itself stop in
/// an NFQUEUE, at the gate, and are announced to `on_held`. The answer is one
/// of `pass_*` (the packet goes on, to our transparent sockets) and `reject`
/// (an nft rule answers with RST or ICMP, according to the packet's mark).
/// A repeated SYN of a held flow is dropped while its first one waits.

#include "messages/container.hpp"
#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "net/audit/ledger.hpp"
#include "net/fd.hpp"
#include "net/gateway/address_plan.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pier::net {

/// A first packet that waits for a verdict.
struct held_packet {
  /// Unique for the life of the gateway object; never 0.
  uint64_t id = 0;
  flow what;
  /// ICMP echo only: identifier, sequence and payload, to be sent on and to be
  /// answered with.
  uint16_t echo_id = 0;
  uint16_t echo_sequence = 0;
  std::vector<uint8_t> echo_payload;
};

/// What the keeper gives us of a plugged guest: netlink sock_diag sockets made
/// inside the guest's namespace.
struct guest_view {
  fd diag;    // SOCK_DIAG_BY_FAMILY requests and dumps
  fd destroy; // news of destroyed TCP and UDP sockets that had no peer
};

class gateway {
public:
  gateway(boost::asio::io_context& io, guest_network net, std::string keeper);
  ~gateway();

  gateway(const gateway&) = delete;
  gateway& operator=(const gateway&) = delete;

  /// Starts a keeper and makes the namespace, or brings a new keeper into the
  /// one that is there. Idempotent while a keeper lives.
  void open(std::function<void(result<void>)> done);

  std::function<void(const held_packet&)> on_held;
  /// A guest's connection to our HTTP proxy, for which no packet was held;
  /// non-blocking.
  std::function<void(fd, const flow&)> on_call;
  /// So many first packets of a guest were dropped unseen lately.
  std::function<void(const ip_address&, uint64_t)> on_dropped;
  std::function<void(const error&)> on_lost;
  /// `dns()` has others of this family.
  std::function<void(family)> on_desks;
  /// A guest could not be moved to its new addresses.
  std::function<void(const lease&, const error&)> on_stuck;

  // -- verdicts ---------------------------------------------------------------

  /// TCP: lets the SYN go on; `done` gets the connection as accepted from the
  /// transparent listener, or an error when the guest has given up (a bounded
  /// wait). The socket is non-blocking.
  void pass_tcp(uint64_t id, std::function<void(result<fd>)> done);

  /// UDP: a non-blocking socket in the gateway, transparently bound to the
  /// destination and connected to the guest. The held datagram then arrives on
  /// it, and so does every later one of the flow.
  void pass_udp(uint64_t id, std::function<void(result<fd>)> done);

  /// ICMP echo: answers in the destination's name and ends the packet.
  void answer_echo(uint64_t id);

  /// Refused → RST or port unreachable; host_unreachable, network_unreachable,
  /// forbidden → the ICMP of that name; anything else → dropped in silence.
  void reject(uint64_t id, ec why);

  /// Sends a guest the ICMP error that a datagram of this flow would have met:
  /// `why` as for `reject`; anything else is not sent.
  void report(const flow& what, ec why);

  // -- sockets ----------------------------------------------------------------

  /// A fresh non-blocking socket in the gateway's namespace (SOCK_STREAM or
  /// SOCK_DGRAM), out of a store that the keeper fills in batches. Refused
  /// with ec::gateway_lost when the store is dry and no keeper lives.
  result<fd> socket(family kind, int type);

  /// Whether there is one right now. If not, the keeper is being asked.
  bool has_socket(family kind, int type);

  /// When the process has no descriptor left: frees one of the store's. False:
  /// that has none, either.
  bool shed_socket();

  /// The DNS sockets at the gateway's own addresses, port 53, both families;
  /// valid after the first `open`, owned here, non-blocking. UDP sockets have
  /// IP_PKTINFO off: one address each.
  struct dns_sockets {
    int udp4 = -1, tcp4 = -1, udp6 = -1, tcp6 = -1;
  };
  dns_sockets dns() const noexcept;

  // -- guests -----------------------------------------------------------------

  /// Plugs a network namespace in as guest `at.number`: veth, addresses,
  /// default routes, eth0 and lo up.
  void plug(
    const lease& at, int netns, std::function<void(result<guest_view>)> done);
  /// A keeper that dies over it leaves it to the next one.
  void unplug(const lease& at, std::function<void(result<void>)> done);

  /// Lets the host's own packets go to guests straight, by a link of this name,
  /// with this lease: see net/gateway/direct_link.
  void expose(
    const lease& at, const std::string& link, int host_netns,
    std::function<void(result<void>)> done);
  void withdraw(std::function<void(result<void>)> done);

  /// A packet socket for a guest's link, as net/link/link_tap says.
  void tap(const lease& at, std::function<void(result<fd>)> done);

  /// From now on the guests' network is this one, with these leases of those
  /// who are there; the next `open` moves what stands. What is plugged in
  /// meanwhile has the new addresses at once.
  void renumber(const guest_network& is, const std::vector<lease>& leases);

  /// Addresses are left, and not everybody has moved: nobody is to be dialled
  /// yet, and `socket` gives nothing.
  bool is_moving() const noexcept;

  /// The namespaces, for sandboxes: user (-1 when we run as root) and network.
  int user_namespace() const noexcept;
  int network_namespace() const noexcept;

  const guest_network& guests() const noexcept;

  void account(ledger& to) const;

  /// 0: none lives.
  int keeper_pid() const noexcept;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace pier::net
