#include "net/link/host_routes.hpp"

#include "net/link/libnl.hpp"
#include "net/link/netlink.hpp"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/route/nexthop.h>

#include <array>
#include <optional>

namespace pier::net {

namespace {

std::optional<host_route> read(rtnl_route* from) {
  auto* to = rtnl_route_get_dst(from);
  if (
    rtnl_route_get_table(from) != RT_TABLE_MAIN
    || rtnl_route_get_type(from) != RTN_UNICAST
    || rtnl_route_get_nnexthops(from) == 0 || to == nullptr
    || nl_addr_get_prefixlen(to) == 0)
    return std::nullopt;
  host_route out;
  out.to = {from_nl(to), nl_addr_get_prefixlen(to)};
  auto index = rtnl_route_nh_get_ifindex(rtnl_route_nexthop_n(from, 0));
  std::array<char, IF_NAMESIZE> name{};
  if (::if_indextoname(static_cast<unsigned>(index), name.data()) != nullptr)
    out.device = name.data();
  return out;
}

} // namespace

std::vector<host_route> host_routes(const std::string& own_device) {
  std::vector<host_route> out;
  auto nl = netlink::open();
  nl_cache* found = nullptr;
  if (!nl || rtnl_route_alloc_cache(nl->socket(), AF_UNSPEC, 0, &found) < 0)
    return out;
  cache_ptr all{found};
  for (auto* each = nl_cache_get_first(found); each != nullptr;
       each = nl_cache_get_next(each))
    if (auto route = read(reinterpret_cast<rtnl_route*>(each)))
      if (own_device.empty() || route->device != own_device)
        out.push_back(std::move(*route));
  return out;
}

std::vector<host_route> routes_in(std::span<char> news) {
  std::vector<host_route> out;
  auto left = static_cast<int>(news.size());
  auto* each = reinterpret_cast<nlmsghdr*>(news.data());
  for (; nlmsg_ok(each, left) != 0; each = nlmsg_next(each, &left)) {
    rtnl_route* parsed = nullptr;
    if (each->nlmsg_type != RTM_NEWROUTE || rtnl_route_parse(each, &parsed) < 0)
      continue;
    route_ptr owned{parsed};
    if (auto route = read(parsed))
      out.push_back(std::move(*route));
  }
  return out;
}

std::string to_string(const host_route& of) {
  return to_string(of.to) + " dev " + of.device;
}

} // namespace pier::net
