#pragma once

/// What the keeper lays down in a new gateway namespace: links, addresses,
/// routes, rules, and the sockets that the main process works with.

#include "messages/error.hpp"
#include "net/fd.hpp"
#include "net/gateway/address_plan.hpp"

#include <string>
#include <vector>

namespace pier::net {

/// Enters a new network namespace, and a new user namespace unless we are
/// allowed without one. The namespaces' descriptors: network, then user.
result<std::vector<fd>> make_namespaces();

/// Links, addresses and routes of the gateway.
result<void> lay_links(const guest_network& net);

/// br_netfilter would run the gate's rules inside the bridge, where the socket
/// that tproxy assigns is lost again on the way up. Whoever loads that module
/// switches it on for every namespace: this is called before each plug, too.
void keep_bridge_below_ip();

/// For this network namespace. The way between a guest and the gateway is one
/// copy in one memory, that loses nothing and waits for nobody: there is no
/// rate to find out, and BBR, which may be the host's choice, would set a timer
/// for each burst.
void choose_congestion_control();

/// Loads rules into nftables.
result<void> load_rules(const std::string& text);

/// The gateway's sockets, in the order in which `found` sends them.
struct gateway_sockets {
  fd listener4, listener6;   // transparent TCP
  fd udp4, tcp4, udp6, tcp6; // DNS
  fd queue;                  // held packets
  fd icmp4, icmp6;           // echo replies in foreign names
};

result<gateway_sockets> open_sockets(const guest_network& net);

/// A socket of the DNS server, at the gateway's own address.
result<fd> open_dns(const guest_network& net, family kind, int type);

/// The rules of the gate, and the queue by whatever this kernel has.
result<void> lay_rules(const guest_network& net, const gateway_sockets& with);

/// A socket for flows of our own: transparent, non-blocking.
result<fd> open_transparent(family kind, int type);

/// Writes a file of /proc/sys/net; where it cannot be, nothing is lost.
void set_sysctl(const std::string& name, const std::string& value);

} // namespace pier::net
