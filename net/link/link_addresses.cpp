#include "net/link/link_addresses.hpp"

#include "net/link/libnl.hpp"

#include <linux/neighbour.h>
#include <netlink/netlink.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/nexthop.h>
#include <sys/socket.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace pier::net {

namespace {

/// Calls `what` with every object of a dump.
template <class T>
void for_each(nl_cache* all, const std::function<void(T*)>& what) {
  for (auto* each = nl_cache_get_first(all); each != nullptr;
       each = nl_cache_get_next(each))
    what(reinterpret_cast<T*>(each));
}

link_address read(rtnl_addr* from) {
  auto* local = rtnl_addr_get_local(from);
  return {
    from_nl(local),
    static_cast<unsigned>(std::max(rtnl_addr_get_prefixlen(from), 0))};
}

rtaddr_ptr make_address(int index, const link_address& what) {
  rtaddr_ptr out{rtnl_addr_alloc()};
  auto local = to_nl(what.ip, what.bits);
  rtnl_addr_set_ifindex(out.get(), index);
  rtnl_addr_set_local(out.get(), local.get());
  return out;
}

/// The gateway of a default route by this link; nothing: it is another route.
std::optional<ip_address> default_gateway(rtnl_route* route, int index) {
  auto* to = rtnl_route_get_dst(route);
  if (
    (to != nullptr && nl_addr_get_prefixlen(to) != 0)
    || rtnl_route_get_table(route) != RT_TABLE_MAIN
    || rtnl_route_get_nnexthops(route) != 1)
    return std::nullopt;
  auto* hop = rtnl_route_nexthop_n(route, 0);
  auto* via = rtnl_route_nh_get_gateway(hop);
  if (via == nullptr || rtnl_route_nh_get_ifindex(hop) != index)
    return std::nullopt;
  return from_nl(via);
}

} // namespace

result<std::vector<link_address>>
addresses_of(netlink& by, const std::string& link) {
  auto index = by.index_of(link);
  if (!index)
    return index.error();
  nl_cache* found = nullptr;
  if (auto ok = check(
        rtnl_addr_alloc_cache(by.socket(), &found),
        "list addresses of " + link);
      !ok)
    return ok.error();
  cache_ptr all{found};
  std::vector<link_address> out;
  for_each<rtnl_addr>(all.get(), [&](rtnl_addr* each) {
    auto what = read(each);
    if (rtnl_addr_get_ifindex(each) == *index && !what.ip.is_link_local())
      out.push_back(what);
  });
  return out;
}

result<void> set_addresses(
  netlink& by, const std::string& link, const std::vector<link_address>& to) {
  auto index = by.index_of(link);
  auto there = addresses_of(by, link);
  if (!index || !there)
    return index ? there.error() : index.error();
  auto has = [](const auto& all, const link_address& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  for (const auto& each : to)
    if (!has(*there, each))
      if (auto ok = by.add_address(link, each.ip, each.bits); !ok)
        return ok;
  for (const auto& each : *there) {
    if (has(to, each))
      continue;
    auto old = make_address(*index, each);
    auto how = rtnl_addr_delete(by.socket(), old.get(), 0);
    // The second of a subnet goes with the first.
    if (how == -NLE_NOADDR || how == -NLE_OBJ_NOTFOUND)
      continue;
    if (auto ok = check(how, "take " + to_string(each.ip) + " from " + link);
        !ok)
      return ok;
  }
  return {};
}

result<void> set_default_routes(
  netlink& by, const std::string& link, const std::vector<ip_address>& via) {
  auto index = by.index_of(link);
  if (!index)
    return index.error();
  nl_cache* found = nullptr;
  if (auto ok = check(
        rtnl_route_alloc_cache(by.socket(), AF_UNSPEC, 0, &found),
        "list routes of " + link);
      !ok)
    return ok;
  cache_ptr all{found};
  std::vector<ip_address> there;
  for_each<rtnl_route>(all.get(), [&](rtnl_route* each) {
    auto gate = default_gateway(each, *index);
    if (!gate)
      return;
    if (std::find(via.begin(), via.end(), *gate) != via.end())
      there.push_back(*gate);
    else
      rtnl_route_delete(by.socket(), each, 0);
  });
  for (const auto& each : via)
    if (std::find(there.begin(), there.end(), each) == there.end())
      if (auto ok = by.add_default_route(link, each); !ok)
        return ok;
  return {};
}

result<void> forget_neighbours(netlink& by, const std::string& link) {
  auto index = by.index_of(link);
  if (!index)
    return index.error();
  nl_cache* found = nullptr;
  if (auto ok = check(
        rtnl_neigh_alloc_cache(by.socket(), &found),
        "list neighbours of " + link);
      !ok)
    return ok;
  cache_ptr all{found};
  for_each<rtnl_neigh>(all.get(), [&](rtnl_neigh* each) {
    constexpr auto made = NUD_PERMANENT | NUD_NOARP;
    if (
      rtnl_neigh_get_ifindex(each) == *index
      && (rtnl_neigh_get_state(each) & made) == 0
      && rtnl_neigh_get_family(each) != AF_BRIDGE)
      rtnl_neigh_delete(by.socket(), each, 0);
  });
  return {};
}

} // namespace pier::net
