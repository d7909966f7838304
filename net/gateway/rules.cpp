#include "net/gateway/rules.hpp"

#include <fmt/ranges.h>

namespace pier::net {

namespace {

/// What IPv4 is for the link or for many.
std::vector<std::string> shared_addresses(const guest_network& net) {
  auto broadcast = net.subnet.plus(0xffffffff >> net.bits);
  return {
    "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255", to_string(broadcast)};
}

/// The part of the queue's rule that says where to: everything that is not for
/// the gateway itself, and is not link-local, broadcast or multicast.
std::vector<std::string> own_addresses(const guest_network& net, family kind) {
  if (kind == family::v4) {
    auto all = shared_addresses(net);
    all.push_back(to_string(net.gateway));
    return all;
  }
  return {to_string(net.gateway6), "fe80::/10", "ff00::/8"};
}

/// First packets of one guest, a second: more than anybody makes connections,
/// and fewer than the main process can read. What the queue has no room for is
/// dropped whosesoever it is; so a flood ends before it, with its sender.
constexpr int pace = 16384;
constexpr int pace_burst = 512;

constexpr auto pace_sets
  = R"(  set pace_ip { type ipv4_addr; flags dynamic; timeout 10s; }
  set pace_ip6 { type ipv6_addr; flags dynamic; timeout 10s; }
)";

std::string pace_of(const std::string& family) {
  return fmt::format(
    "    update @pace_{0} {{ {0} saddr limit rate over {1}/second burst {2} "
    "packets }} drop\n",
    family, pace, pace_burst);
}

} // namespace

std::string
gate_rules(const guest_network& net, uint16_t port4, uint16_t port6) {
  // A guest's segment for a flow of ours that is gone meets no listener: the
  // late chain's tproxy takes SYNs only, and the rest is answered by RST. Nor
  // is the listener a service of the gateway's own addresses.
  // Whoever is about to be told so is looked for once more. In the moment that
  // a handshake's socket takes the place of its request (or TIME_WAIT that of
  // a socket) a search that has begun before may pass by both; one that begins
  // now finds the new one. Of ten thousand connections one lost its first
  // segment there, and was reset.
  // That a datagram found nobody a guest tells him in whose name we sent it.
  return fmt::format(
    R"(table inet pier {{
  chain early {{
    type filter hook prerouting priority -160; policy accept;
    iifname "{0}" tcp flags & (fin | syn | rst | ack) != syn socket transparent 1 meta mark set 1
    iifname "{0}" meta l4proto udp socket transparent 1 meta mark set 1
    iifname "{0}" icmp type destination-unreachable socket transparent 1 meta mark set 1
    iifname "{0}" icmpv6 type destination-unreachable socket transparent 1 meta mark set 1
    iifname "{0}" ip daddr {{ {5} }} drop
  }}
  chain late {{
    type filter hook prerouting priority -140; policy accept;
    iifname != "{0}" accept
    meta mark 1 tcp flags & (fin | syn | rst | ack) == syn meta nfproto ipv4 tproxy ip to :{1} accept
    meta mark 1 tcp flags & (fin | syn | rst | ack) == syn meta nfproto ipv6 tproxy ip6 to :{2} accept
    meta mark 1 accept
    meta mark 2 meta l4proto tcp reject with tcp reset
    meta mark 3 reject with icmpx host-unreachable
    meta mark 4 reject with icmpx admin-prohibited
    meta mark 5 reject with icmpx no-route
    meta mark 6 reject with icmpx port-unreachable
    tcp flags & (fin | syn | rst | ack) != syn socket transparent 1 meta mark set 1 accept
    meta nfproto ipv4 tcp dport {1} reject with tcp reset
    meta nfproto ipv6 tcp dport {2} reject with tcp reset
    ip daddr != {3} tcp flags & (syn | ack | rst) != syn tcp flags & rst == 0 reject with tcp reset
    ip6 daddr != {4} tcp flags & (syn | ack | rst) != syn tcp flags & rst == 0 reject with tcp reset
  }}
}}
)",
    bridge_name, port4, port6, to_string(net.gateway), to_string(net.gateway6),
    fmt::join(shared_addresses(net), ", "));
}

std::string queue_rules(const guest_network& net, bool paced) {
  // In a chain named "queue" nft would see its own keyword.
  return fmt::format(
    R"(table inet pier {{
{4}  chain held {{
    type filter hook prerouting priority -150; policy accept;
    iifname != "{0}" accept
    meta mark != 0 accept
    ip daddr {1} accept
    ip6 daddr {{ {2}, fe80::/10, ff00::/8 }} accept
{5}    tcp flags & (fin | syn | rst | ack) == syn queue num {3}
    meta l4proto udp queue num {3}
    icmp type echo-request queue num {3}
    icmpv6 type echo-request queue num {3}
  }}
}}
)",
    bridge_name, to_string(net.gateway), to_string(net.gateway6), queue_number,
    paced ? pace_sets : "", paced ? pace_of("ip") + pace_of("ip6") : "");
}

std::vector<std::vector<std::string>>
queue_commands(const guest_network& net, family kind) {
  std::vector<std::vector<std::string>> all;
  auto rule = [&](std::vector<std::string> match, std::vector<std::string> to) {
    std::vector<std::string> line{"-t",         "mangle", "-A",
                                  "PREROUTING", "-i",     bridge_name};
    line.insert(line.end(), match.begin(), match.end());
    line.push_back("-j");
    line.insert(line.end(), to.begin(), to.end());
    all.push_back(std::move(line));
  };
  std::vector<std::string> queue{
    "NFQUEUE", "--queue-num", std::to_string(queue_number)};
  for (const auto& own : own_addresses(net, kind))
    rule({"-d", own}, {"RETURN"});
  std::vector<std::string> unmarked{"-m", "mark", "--mark", "0"};
  auto held = [&](std::vector<std::string> what) {
    what.insert(what.begin(), unmarked.begin(), unmarked.end());
    rule(std::move(what), queue);
  };
  held({"-p", "tcp", "--syn"});
  held({"-p", "udp"});
  if (kind == family::v4)
    held({"-p", "icmp", "--icmp-type", "echo-request"});
  else
    held({"-p", "icmpv6", "--icmpv6-type", "echo-request"});
  return all;
}

std::vector<std::string> pace_command(const guest_network& net, family kind) {
  auto name = std::string{"pier"} + (kind == family::v4 ? "4" : "6");
  return {
    "-t", "mangle", "-I", "PREROUTING",
    // Behind those for the gateway's own addresses.
    std::to_string(own_addresses(net, kind).size() + 1), "-i", bridge_name,
    "-m", "mark", "--mark", "0", "-m", "hashlimit", "--hashlimit-name", name,
    "--hashlimit-mode", "srcip", "--hashlimit-above",
    std::to_string(pace) + "/sec", "--hashlimit-burst",
    std::to_string(pace_burst), "-j", "DROP"};
}

std::string link_guard(const std::string& link, const lease& at) {
  return fmt::format(
    // Nothing comes from an address that the guest does not have.
    R"(table netdev pier_{0} {{
  chain guard {{
    type filter hook ingress device "{0}" priority 0; policy accept;
    ether type arp accept
{1}{2}    drop
  }}
}}
)",
    link,
    at.v4.is_any() ? std::string{}
                   : "    ip saddr " + to_string(at.v4) + " accept\n",
    at.v6.is_any()
      ? std::string{}
      : "    ip6 saddr { " + to_string(at.v6) + ", fe80::/10, :: } accept\n");
}

} // namespace pier::net
