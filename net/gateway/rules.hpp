#pragma once

/// The gateway's rules as text (nft(8), ip(8), iptables(8)). Pure; the keeper
/// loads them.
///
/// Theory of operation. Three steps in prerouting, by priority:
///
///   -160 early  packets of flows that already have a transparent socket of
///               ours are marked 1 and skip the queue, and so does a SYN for
///               our HTTP proxy, about which there is nothing to decide yet;
///   -150 queue  what is left of TCP SYN, UDP and echo requests to foreign
///               addresses stops in NFQUEUE 0 until the main process has a
///               verdict, which sets the mark;
///   -140 late   mark 1 goes to our transparent listener; every other mark is
///               a refusal in the kernel's own words; and what has neither mark
///               nor socket, at a second look either, is answered by RST.
///
/// A policy route delivers mark 1 locally. Nothing is ever forwarded.
///
/// Addresses of ours stand in named sets, so that other ones can take their
/// place in one transaction and no rule is taken away: with a hook the kernel
/// would drop every packet that is held.

#include "net/gateway/address_plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pier::net {

/// Marks of the verdicts.
enum class gate_mark : uint32_t {
  pass = 1,
  reset = 2,
  host_unreachable = 3,
  forbidden = 4,
  network_unreachable = 5,
  port_unreachable = 6,
};

constexpr const char* bridge_name = "pier0";
constexpr uint16_t queue_number = 0;

/// Tables `early` and `late`, with the transparent listeners' ports.
std::string
gate_rules(const guest_network& net, uint16_t port4, uint16_t port6);

/// The queue, where the kernel has `nft queue`; beside the gate's rules …
std::string queue_rules(bool paced);

/// … and where it has not: argument lists for iptables and ip6tables.
std::vector<std::vector<std::string>>
queue_commands(const guest_network& net, family kind);

/// More of them, after these: no guest sends more to the queue than is read,
/// nor begins conversations of datagrams and pings without an end. Kernels may
/// have no such rule.
std::vector<std::vector<std::string>>
pace_commands(const guest_network& net, family kind);

/// Lets a link send from its own addresses only.
std::string link_guard(const std::string& link, const lease& at);

// The same for another network: of the rules that are there.
std::string renumber_rules(const guest_network& is);
std::vector<std::vector<std::string>> renumber_commands(
  const guest_network& was, const guest_network& is, family kind);
std::string renumber_guard(const std::string& link, const lease& at);

} // namespace pier::net
