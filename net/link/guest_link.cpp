#include "net/link/guest_link.hpp"

#include "net/gateway/foundation.hpp"
#include "net/gateway/rules.hpp"
#include "net/link/connections.hpp"
#include "net/link/excursion.hpp"
#include "net/link/link_addresses.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace pier::net {

namespace {

error system_error(const std::string& what) {
  return {from_errno(errno), what + ": " + std::strerror(errno)};
}

/// Lets through only news of sockets without a peer: listeners and unconnected
/// ones. The others come by the thousand and mean nothing to us.
void ignore_connections(int socket) {
  constexpr auto peer_port = NLMSG_HDRLEN
    + offsetof(inet_diag_msg, id.idiag_dport);
  std::array<sock_filter, 4> code{{
    {BPF_LD | BPF_H | BPF_ABS, 0, 0, static_cast<uint32_t>(peer_port)},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0},
    {BPF_RET | BPF_K, 0, 0, 0xffff},
    {BPF_RET | BPF_K, 0, 0, 0},
  }};
  sock_fprog program{static_cast<uint16_t>(code.size()), code.data()};
  ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

result<guest_eyes> open_eyes() {
  guest_eyes out;
  constexpr auto type = SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK;
  out.diag = fd{::socket(AF_NETLINK, type, NETLINK_SOCK_DIAG)};
  if (!out.diag)
    return system_error("open sock_diag in the guest");
  out.destroy = fd{::socket(AF_NETLINK, type, NETLINK_SOCK_DIAG)};
  sockaddr_nl self{};
  self.nl_family = AF_NETLINK;
  ::bind(out.destroy.get(), reinterpret_cast<sockaddr*>(&self), sizeof(self));
  ignore_connections(out.destroy.get());
  return out;
}

/// A name that the guest has not given away yet.
std::string free_name(netlink& guest) {
  for (const auto* name : {"eth0", "pier0", "pier1", "pier2"})
    if (!guest.has(name))
      return name;
  return "pier3";
}

/// What a guest sends is read by the gateway's sockets, whatever its length: a
/// third less work for a gigabyte. The other way it would be more: what is
/// spliced comes in small pages.
constexpr uint32_t largest_burst = 192 << 10;

void choose_families(const guest_network& net, const std::string& name) {
  set_sysctl(
    "ipv6/conf/" + name + "/disable_ipv6", net.guests_have6 ? "0" : "1");
  set_sysctl("ipv6/conf/" + name + "/accept_dad", "0");
  set_sysctl("ipv6/conf/" + name + "/accept_ra", "0");
}

std::vector<link_address>
addresses_in(const guest_network& net, const lease& at) {
  std::vector<link_address> out;
  for (const auto& ip : at.addresses())
    out.push_back({ip, ip.is_v4() ? net.bits : net.bits6});
  return out;
}

/// Addresses, and the routes that need the link up.
result<void> settle_guest(
  netlink& guest, const guest_network& net, const lease& at,
  const std::string& name) {
  if (auto ok = set_addresses(guest, name, addresses_in(net, at)); !ok)
    return ok;
  if (auto ok = guest.set_up(name); !ok)
    return ok;
  std::vector<ip_address> ways;
  for (const auto& ip : at.addresses())
    ways.push_back(ip.is_v4() ? net.gateway : net.gateway6);
  return set_default_routes(guest, name, ways);
}

result<void> dress_guest(
  netlink& guest, const guest_network& net, const lease& at,
  const std::string& name) {
  set_sysctl("ipv6/conf/all/disable_ipv6", "0");
  choose_families(net, name);
  guest.set_largest_burst(name, largest_burst);
  set_sysctl("ipv4/ping_group_range", "0 2147483647");
  set_sysctl("ipv4/ip_unprivileged_port_start", "0");
  choose_congestion_control();
  if (auto ok = guest.set_up("lo"); !ok)
    return ok;
  return settle_guest(guest, net, at, name);
}

/// Those that the link has and is not to have.
result<std::vector<ip_address>> left_addresses(
  netlink& guest, const guest_network& net, const lease& at,
  const std::string& name) {
  auto there = addresses_of(guest, name);
  if (!there)
    return there.error();
  auto wanted = addresses_in(net, at);
  std::vector<ip_address> out;
  for (const auto& each : *there) {
    auto stays = [&](const auto& one) { return one.ip == each.ip; };
    if (std::none_of(wanted.begin(), wanted.end(), stays))
      out.push_back(each.ip);
  }
  return out;
}

/// Speaks to the guest's kernel, in its namespace.
template <class Speech>
result<void> visit(int guest, int home, Speech say) {
  excursion there{guest, home};
  if (!there)
    return system_error("enter the guest's network namespace");
  auto nl = netlink::open();
  if (!nl)
    return nl.error();
  return say(*nl);
}

/// In the guest's namespace.
result<void> resettle_guest(
  netlink& guest, const guest_network& net, const lease& at,
  const std::string& name) {
  choose_families(net, name);
  if (auto ok = guest.set_mtu(name, net.mtu); !ok)
    return ok;
  if (auto ok = settle_guest(guest, net, at, name); !ok)
    return ok;
  return forget_neighbours(guest, name);
}

} // namespace

std::string link_name(const lease& at) {
  return "veth" + std::to_string(at.link);
}

result<guest_eyes>
plug_guest(const guest_network& net, const lease& at, int guest, int home) {
  keep_bridge_below_ip();
  auto here = netlink::open();
  if (!here)
    return here.error();
  std::string name;
  auto made = visit(guest, home, [&](netlink& there) -> result<void> {
    name = free_name(there);
    return {};
  });
  if (!made)
    return made.error();
  auto link = link_name(at);
  made = here->add_veth(link, bridge_name, name, guest, net.mtu);
  if (made)
    made = here->set_up(link);
  if (!made)
    return made.error();
  load_rules(link_guard(link, at));
  excursion there{guest, home};
  auto nl = netlink::open();
  if (nl)
    made = dress_guest(*nl, net, at, name);
  if (!nl || !made) {
    here->remove(link);
    return !nl ? nl.error() : made.error();
  }
  return open_eyes();
}

result<void>
move_guest(const guest_network& net, const lease& at, int guest, int home) {
  auto here = netlink::open();
  if (!here)
    return here.error();
  auto link = link_name(at);
  auto peer = here->peer_of(link);
  if (peer == 0)
    return {};
  std::string name;
  auto done = visit(guest, home, [&](netlink& there) -> result<void> {
    name = there.name_of(peer);
    if (name.empty())
      return {};
    auto left = left_addresses(there, net, at, name);
    if (!left)
      return left.error();
    // While the addresses stand their peers can hear of it.
    end_connections(*left);
    return {};
  });
  if (!done || name.empty())
    return done;
  load_rules(renumber_guard(link, at));
  if (auto ok = here->set_mtu(link, net.mtu); !ok)
    return ok;
  done = visit(guest, home, [&](netlink& there) {
    return resettle_guest(there, net, at, name);
  });
  if (!done)
    return done;
  return forget_neighbours(*here, bridge_name);
}

result<void> unplug_guest(const lease& at) {
  auto here = netlink::open();
  if (!here)
    return here.error();
  auto link = link_name(at);
  load_rules("delete table netdev pier_" + link);
  return here->remove(link);
}

} // namespace pier::net
