#include "net/gateway/rules.hpp"

#include <fmt/ranges.h>

#include <array>

namespace pier::net {

namespace {

/// What IPv4 is for the link or for many, in every network.
constexpr auto shared4 = "169.254.0.0/16, 224.0.0.0/4, 255.255.255.255";

std::string broadcast(const guest_network& net) {
  return to_string(net.subnet.plus(0xffffffff >> net.bits));
}

/// Of the addresses that are not for the queue, those that another network
/// changes: everything that is not for the gateway itself is held.
std::vector<std::string>
moving_addresses(const guest_network& net, family kind) {
  if (kind == family::v4)
    return {broadcast(net), to_string(net.gateway)};
  return {to_string(net.gateway6)};
}

/// And those that none changes: link-local and multicast.
std::vector<std::string> own_addresses(const guest_network& net, family kind) {
  auto all = moving_addresses(net, kind);
  if (kind == family::v4)
    all.insert(all.end(), {"169.254.0.0/16", "224.0.0.0/4", "255.255.255.255"});
  else
    all.insert(all.end(), {"fe80::/10", "ff00::/8"});
  return all;
}

std::vector<std::string>
return_rule(std::vector<std::string> where, const std::string& to) {
  where.insert(where.begin(), {"-t", "mangle"});
  where.insert(where.end(), {"-i", bridge_name, "-d", to, "-j", "RETURN"});
  return where;
}

/// A set that has these elements and no others.
std::string refill(
  const std::string& table, const std::string& set,
  const std::vector<std::string>& elements) {
  auto out = fmt::format("flush set {} {}\n", table, set);
  if (!elements.empty())
    out += fmt::format(
      "add element {} {} {{ {} }}\n", table, set, fmt::join(elements, ", "));
  return out;
}

std::string elements_of(const std::vector<std::string>& all) {
  return all.empty() ? std::string{}
                     : fmt::format("elements = {{ {} }}", fmt::join(all, ", "));
}

std::vector<std::string> guarded4(const lease& at) {
  if (at.v4.is_any())
    return {};
  return {to_string(at.v4)};
}

std::vector<std::string> guarded6(const lease& at) {
  if (at.v6.is_any())
    return {};
  return {to_string(at.v6), "fe80::/10", "::"};
}

/// First packets of one guest, a second. What the queue has no room for is
/// dropped whosesoever it is; so a flood ends before it, with its sender.
struct pace {
  const char* set;
  /// For IPv4 and IPv6.
  std::array<const char*, 2> matches;   // in nft's words
  std::array<const char*, 2> protocols; // in those of iptables
  int rate;
};

constexpr int pace_burst = 512;

constexpr std::array<pace, 3> paces{{
  // Than anybody makes connections it is more, and than the main process can
  // read less.
  {"pace", {"", ""}, {"", ""}, 16384},
  // Nobody waits for what became of a datagram or a ping: only here is there an
  // end to how many conversations are begun. A busy resolver begins a thousand;
  // eight thousand take a processor of ours, and of two thousand a neighbour's
  // new connections wait twice as long as of one.
  {"pace_udp",
   {"meta l4proto udp ", "meta l4proto udp "},
   {"udp", "udp"},
   1024},
  {"pace_ping",
   {"icmp type echo-request ", "icmpv6 type echo-request "},
   {"icmp", "icmpv6"},
   1024},
}};

/// As nft calls it.
constexpr std::array<const char*, 2> families{"ip", "ip6"};

std::string pace_sets() {
  std::string out;
  for (const auto& each : paces)
    for (size_t kind = 0; kind < families.size(); ++kind)
      out += fmt::format(
        "  set {0}_{1} {{ type {2}_addr; flags dynamic; timeout 10s; }}\n",
        each.set, families[kind], kind == 0 ? "ipv4" : "ipv6");
  return out;
}

std::string pace_rules() {
  std::string out;
  for (const auto& each : paces)
    for (size_t kind = 0; kind < families.size(); ++kind)
      out += fmt::format(
        "    {0}update @{1}_{2} {{ {2} saddr limit rate over {3}/second burst "
        "{4} packets }} drop\n",
        each.matches[kind], each.set, families[kind], each.rate, pace_burst);
  return out;
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
  set own4 {{ type ipv4_addr; elements = {{ {3} }}; }}
  set own6 {{ type ipv6_addr; elements = {{ {4} }}; }}
  set broadcast {{ type ipv4_addr; elements = {{ {6} }}; }}
  set proxy4 {{ type ipv4_addr; elements = {{ {7} }}; }}
  set proxy6 {{ type ipv6_addr; elements = {{ {8} }}; }}
  chain early {{
    type filter hook prerouting priority -160; policy accept;
    iifname "{0}" tcp flags & (fin | syn | rst | ack) != syn socket transparent 1 meta mark set 1 accept
    iifname "{0}" meta l4proto udp socket transparent 1 meta mark set 1 accept
    iifname "{0}" icmp type destination-unreachable socket transparent 1 meta mark set 1 accept
    iifname "{0}" icmpv6 type destination-unreachable socket transparent 1 meta mark set 1 accept
    iifname "{0}" ip daddr @proxy4 tcp dport {9} tcp flags & (fin | syn | rst | ack) == syn meta mark set 1 accept
    iifname "{0}" ip6 daddr @proxy6 tcp dport {9} tcp flags & (fin | syn | rst | ack) == syn meta mark set 1 accept
    iifname "{0}" ip daddr {{ {5} }} drop
    iifname "{0}" ip daddr @broadcast drop
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
    ip daddr != @own4 tcp flags & (syn | ack | rst) != syn tcp flags & rst == 0 reject with tcp reset
    ip6 daddr != @own6 tcp flags & (syn | ack | rst) != syn tcp flags & rst == 0 reject with tcp reset
  }}
}}
)",
    bridge_name, port4, port6, to_string(net.gateway), to_string(net.gateway6),
    shared4, broadcast(net), to_string(net.proxy), to_string(net.proxy6),
    proxy_port);
}

std::string renumber_rules(const guest_network& is) {
  constexpr auto table = "inet pier";
  return refill(table, "own4", {to_string(is.gateway)})
    + refill(table, "own6", {to_string(is.gateway6)})
    + refill(table, "broadcast", {broadcast(is)})
    + refill(table, "proxy4", {to_string(is.proxy)})
    + refill(table, "proxy6", {to_string(is.proxy6)});
}

std::string queue_rules(bool paced) {
  // In a chain named "queue" nft would see its own keyword.
  return fmt::format(
    R"(table inet pier {{
{2}  chain held {{
    type filter hook prerouting priority -150; policy accept;
    iifname != "{0}" accept
    meta mark != 0 accept
    ip daddr @own4 accept
    ip6 daddr @own6 accept
    ip6 daddr {{ fe80::/10, ff00::/8 }} accept
{3}    tcp flags & (fin | syn | rst | ack) == syn queue num {1}
    meta l4proto udp queue num {1}
    icmp type echo-request queue num {1}
    icmpv6 type echo-request queue num {1}
  }}
}}
)",
    bridge_name, queue_number, paced ? pace_sets() : "",
    paced ? pace_rules() : "");
}

std::vector<std::vector<std::string>>
queue_commands(const guest_network& net, family kind) {
  std::vector<std::vector<std::string>> all;
  auto rule = [&](std::vector<std::string> match, std::vector<std::string> to) {
    std::vector<std::string> line{"-t",         "mangle", "-A",
                                  "PREROUTING", "-i",     bridge_name};
    line.insert(line.end(), match.begin(), match.end());
    line.emplace_back("-j");
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

std::vector<std::vector<std::string>> renumber_commands(
  const guest_network& was, const guest_network& is, family kind) {
  std::vector<std::vector<std::string>> all;
  for (const auto& each : moving_addresses(is, kind))
    all.push_back(return_rule({"-I", "PREROUTING", "1"}, each));
  for (const auto& each : moving_addresses(was, kind))
    all.push_back(return_rule({"-D", "PREROUTING"}, each));
  return all;
}

std::vector<std::vector<std::string>>
pace_commands(const guest_network& net, family kind) {
  std::vector<std::vector<std::string>> all;
  for (const auto& each : paces) {
    auto name = std::string{each.set} + (kind == family::v4 ? "4" : "6");
    std::vector<std::string> line{
      "-t", "mangle", "-I", "PREROUTING",
      // Behind those for the gateway's own addresses.
      std::to_string(own_addresses(net, kind).size() + 1), "-i", bridge_name};
    if (std::string protocol = each.protocols[kind == family::v4 ? 0 : 1];
        !protocol.empty())
      line.insert(line.end(), {"-p", protocol});
    line.insert(
      line.end(),
      {"-m", "mark", "--mark", "0", "-m", "hashlimit", "--hashlimit-name", name,
       "--hashlimit-mode", "srcip", "--hashlimit-above",
       std::to_string(each.rate) + "/sec", "--hashlimit-burst",
       std::to_string(pace_burst), "-j", "DROP"});
    all.push_back(std::move(line));
  }
  return all;
}

std::string link_guard(const std::string& link, const lease& at) {
  return fmt::format(
    // Nothing comes from an address that the guest does not have.
    R"(table netdev pier_{0} {{
  set own4 {{ type ipv4_addr; {1} }}
  set own6 {{ type ipv6_addr; flags interval; {2} }}
  chain guard {{
    type filter hook ingress device "{0}" priority 0; policy accept;
    ether type arp accept
    ip saddr @own4 accept
    ip6 saddr @own6 accept
    drop
  }}
}}
)",
    link, elements_of(guarded4(at)), elements_of(guarded6(at)));
}

std::string renumber_guard(const std::string& link, const lease& at) {
  auto table = "netdev pier_" + link;
  return refill(table, "own4", guarded4(at))
    + refill(table, "own6", guarded6(at));
}

} // namespace pier::net
