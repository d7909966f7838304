#include "net/gateway/direct_link.hpp"

#include "net/gateway/foundation.hpp"
#include "net/gateway/rules.hpp"
#include "net/link/excursion.hpp"
#include "net/link/link_addresses.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace pier::net {

namespace {

/// The gateway's end.
constexpr auto near_end = "host0";

/// In the host's namespace.
result<void>
dress_host(const guest_network& net, const lease& at, const std::string& name) {
  auto nl = netlink::open();
  if (!nl)
    return nl.error();
  set_sysctl("ipv6/conf/" + name + "/accept_dad", "0");
  set_sysctl("ipv6/conf/" + name + "/accept_ra", "0");
  set_sysctl("ipv6/conf/" + name + "/disable_ipv6", at.v6.is_any() ? "1" : "0");
  std::vector<link_address> addresses;
  for (const auto& ip : at.addresses())
    addresses.push_back({ip, ip.is_v4() ? net.bits : net.bits6});
  if (auto ok = nl->set_mtu(name, net.mtu); !ok)
    return ok;
  if (auto ok = nl->set_up(name); !ok)
    return ok;
  if (auto ok = set_addresses(*nl, name, addresses); !ok)
    return ok;
  return forget_neighbours(*nl, name);
}

result<void> lay(
  netlink& here, const guest_network& net, const lease& at,
  const std::string& name, int host, int home) {
  // Before there is a way, so that nothing goes it unseen.
  if (auto ok = load_rules(direct_rules(at)); !ok)
    return error{
      ec::not_supported,
      "network.direct: the bridge's rules cannot be loaded: " + ok.error().text
        + ": the kernel needs nft for bridges"};
  if (!here.has(near_end))
    if (auto ok = here.add_veth(near_end, bridge_name, name, host, net.mtu);
        !ok)
      return ok;
  if (auto ok = here.set_mtu(near_end, net.mtu); !ok)
    return ok;
  if (auto ok = here.set_up(near_end); !ok)
    return ok;
  excursion there{host, home};
  if (!there)
    return error{
      from_errno(errno),
      std::string{"network.direct: the host's network cannot be entered: "}
        + std::strerror(errno)};
  return dress_host(net, at, name);
}

} // namespace

result<void> lay_direct_link(
  const guest_network& net, const lease& at, const std::string& name, int host,
  int home) {
  keep_bridge_below_ip();
  auto here = netlink::open();
  if (!here)
    return here.error();
  auto ok = lay(*here, net, at, name, host, home);
  if (!ok)
    static_cast<void>(remove_direct_link());
  return ok;
}

result<void> remove_direct_link() {
  auto here = netlink::open();
  if (!here)
    return here.error();
  auto ok = here->remove(near_end);
  static_cast<void>(load_rules("delete table bridge pier_direct"));
  return ok;
}

std::string direct_rules(const lease& at) {
  // Adding before deleting makes the deletion good where there was none.
  return fmt::format(
    R"(add table bridge pier_direct
delete table bridge pier_direct
table bridge pier_direct {{
  set asked4 {{ type ipv4_addr . inet_service . ipv4_addr . inet_service; flags dynamic; size 65535; timeout 3m; }}
  set asked6 {{ type ipv6_addr . inet_service . ipv6_addr . inet_service; flags dynamic; size 65535; timeout 3m; }}
  chain cross {{
    type filter hook forward priority 0; policy accept;
    iifname "{0}" jump from_host
    oifname "{0}" jump to_host
  }}
  chain own {{
    type filter hook input priority 0; policy accept;
    iifname != "{0}" accept
    ether type arp accept
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept
    drop
  }}
  chain from_host {{
    ether type arp accept
    ip saddr {1} meta l4proto udp update @asked4 {{ ip saddr . udp sport . ip daddr . udp dport }} accept
    ip saddr {1} accept
    ip6 saddr {2} meta l4proto udp update @asked6 {{ ip6 saddr . udp sport . ip6 daddr . udp dport }} accept
    ip6 saddr {2} accept
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept
    drop
  }}
  chain to_host {{
    ether type arp accept
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept
    ip daddr != {1} drop
    ip6 daddr != {2} drop
    ip frag-off & 0x1fff != 0 accept
    frag frag-off != 0 accept
    tcp flags & (syn | ack) == syn drop
    meta l4proto tcp accept
    ip daddr . udp dport . ip saddr . udp sport @asked4 accept
    ip6 daddr . udp dport . ip6 saddr . udp sport @asked6 accept
    icmp type {{ echo-reply, destination-unreachable, time-exceeded }} accept
    icmpv6 type {{ echo-reply, destination-unreachable, packet-too-big, time-exceeded }} accept
    drop
  }}
}}
)",
    near_end, to_string(at.v4), to_string(at.v6));
}

} // namespace pier::net
