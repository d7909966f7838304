#include "net/link/netlink.hpp"

#include "net/link/libnl.hpp"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/rule.h>

#include <array>
#include <cerrno>

namespace pier::net {

namespace {

using message_ptr = std::unique_ptr<nl_msg, putter<nl_msg, nlmsg_free>>;
using link_ptr = std::unique_ptr<rtnl_link, putter<rtnl_link, rtnl_link_put>>;
using rule_ptr = std::unique_ptr<rtnl_rule, putter<rtnl_rule, rtnl_rule_put>>;

/// Locally administered, and alone in its namespace.
constexpr std::array<uint8_t, 6> bridge_mac{0x02, 0x50, 0x69, 0x65, 0x72, 0x01};

} // namespace

void netlink::closer::operator()(nl_sock* socket) const {
  nl_socket_free(socket);
}

netlink::netlink(netlink&&) noexcept = default;
netlink& netlink::operator=(netlink&&) noexcept = default;
netlink::~netlink() = default;

result<netlink> netlink::open() {
  netlink out{nl_socket_alloc()};
  if (auto ok = check(
        nl_connect(out.socket_.get(), NETLINK_ROUTE), "open rtnetlink");
      !ok)
    return ok.error();
  return out;
}

result<int> netlink::index_of(const std::string& link) {
  rtnl_link* found = nullptr;
  auto status = rtnl_link_get_kernel(socket_.get(), 0, link.c_str(), &found);
  if (auto ok = check(status, "find link " + link); !ok)
    return ok.error();
  link_ptr owned{found};
  return rtnl_link_get_ifindex(found);
}

bool netlink::has(const std::string& link) {
  return index_of(link).has_value();
}

result<void> netlink::add_bridge(const std::string& name, unsigned mtu) {
  link_ptr link{rtnl_link_alloc()};
  rtnl_link_set_type(link.get(), "bridge");
  // Else it takes the lowest of its ports' and changes it as guests come and
  // go, while the others still send to the old one.
  nladdr_ptr address{
    nl_addr_build(AF_LLC, bridge_mac.data(), bridge_mac.size())};
  rtnl_link_set_addr(link.get(), address.get());
  rtnl_link_set_name(link.get(), name.c_str());
  rtnl_link_set_mtu(link.get(), mtu);
  return check(
    rtnl_link_add(socket_.get(), link.get(), NLM_F_CREATE | NLM_F_EXCL),
    "make bridge " + name);
}

result<void> netlink::add_veth(
  const std::string& name, const std::string& bridge, const std::string& peer,
  int peer_netns, unsigned mtu) {
  auto master = index_of(bridge);
  if (!master)
    return master.error();
  link_ptr link{rtnl_link_veth_alloc()};
  link_ptr other{rtnl_link_veth_get_peer(link.get())};
  rtnl_link_set_name(link.get(), name.c_str());
  rtnl_link_set_mtu(link.get(), mtu);
  rtnl_link_set_master(link.get(), *master);
  rtnl_link_set_name(other.get(), peer.c_str());
  rtnl_link_set_mtu(other.get(), mtu);
  rtnl_link_set_ns_fd(other.get(), peer_netns);
  return check(
    rtnl_link_add(socket_.get(), link.get(), NLM_F_CREATE | NLM_F_EXCL),
    "make link " + name);
}

result<void> netlink::remove(const std::string& link) {
  link_ptr what{rtnl_link_alloc()};
  rtnl_link_set_name(what.get(), link.c_str());
  auto how = rtnl_link_delete(socket_.get(), what.get());
  // It goes by itself when the namespace of its other end does.
  if (how == -NLE_NODEV || how == -NLE_OBJ_NOTFOUND)
    return {};
  return check(how, "remove link " + link);
}

result<void> netlink::change(
  const std::string& link, const std::function<void(rtnl_link*)>& dress,
  const std::string& what) {
  auto index = index_of(link);
  if (!index)
    return index.error();
  link_ptr was{rtnl_link_alloc()};
  link_ptr is{rtnl_link_alloc()};
  rtnl_link_set_ifindex(was.get(), *index);
  dress(is.get());
  return check(rtnl_link_change(socket_.get(), was.get(), is.get(), 0), what);
}

result<void> netlink::set_up(const std::string& link) {
  return change(
    link, [](rtnl_link* is) { rtnl_link_set_flags(is, IFF_UP); },
    "set up link " + link);
}

result<void> netlink::set_mtu(const std::string& link, unsigned mtu) {
  return change(
    link, [mtu](rtnl_link* is) { rtnl_link_set_mtu(is, mtu); },
    "give link " + link + " an MTU of " + std::to_string(mtu));
}

int netlink::peer_of(const std::string& link) {
  rtnl_link* found = nullptr;
  if (rtnl_link_get_kernel(socket_.get(), 0, link.c_str(), &found) < 0)
    return 0;
  link_ptr owned{found};
  return rtnl_link_get_link(found);
}

std::string netlink::name_of(int index) {
  rtnl_link* found = nullptr;
  if (rtnl_link_get_kernel(socket_.get(), index, nullptr, &found) < 0)
    return {};
  link_ptr owned{found};
  return rtnl_link_get_name(found);
}

void netlink::set_largest_burst(const std::string& link, uint32_t bytes) {
  // IFLA_GSO_IPV4_MAX_SIZE of rtnetlink(7), younger than libnl and its headers.
  constexpr int gso_ipv4_max_size = 63;
  auto index = index_of(link);
  if (!index)
    return;
  message_ptr message{nlmsg_alloc_simple(RTM_NEWLINK, 0)};
  ifinfomsg which{};
  which.ifi_index = *index;
  nlmsg_append(message.get(), &which, sizeof(which), NLMSG_ALIGNTO);
  nla_put_u32(message.get(), gso_ipv4_max_size, bytes);
  nl_send_sync(socket_.get(), message.release());
}

result<void> netlink::add_address(
  const std::string& link, const ip_address& ip, unsigned bits) {
  auto index = index_of(link);
  if (!index)
    return index.error();
  rtaddr_ptr address{rtnl_addr_alloc()};
  auto local = to_nl(ip, bits);
  rtnl_addr_set_ifindex(address.get(), *index);
  rtnl_addr_set_local(address.get(), local.get());
  if (!ip.is_v4())
    rtnl_addr_set_flags(address.get(), IFA_F_NODAD);
  return check(
    rtnl_addr_add(socket_.get(), address.get(), 0),
    "give " + to_string(ip) + " to " + link);
}

result<void>
netlink::add_default_route(const std::string& link, const ip_address& via) {
  auto index = index_of(link);
  if (!index)
    return index.error();
  route_ptr route{rtnl_route_alloc()};
  auto everywhere = to_nl(ip_address::any(via.kind()), 0);
  auto gate = to_nl(via, via.is_v4() ? 32 : 128);
  auto hop = rtnl_route_nh_alloc();
  rtnl_route_nh_set_gateway(hop, gate.get());
  rtnl_route_nh_set_ifindex(hop, *index);
  rtnl_route_set_family(
    route.get(), static_cast<uint8_t>(domain_of(via.kind())));
  rtnl_route_set_dst(route.get(), everywhere.get());
  rtnl_route_add_nexthop(route.get(), hop);
  return check(
    rtnl_route_add(socket_.get(), route.get(), NLM_F_CREATE),
    "route " + link + " via " + to_string(via));
}

result<void>
netlink::deliver_mark_locally(family kind, uint32_t mark, uint32_t table) {
  auto loopback = index_of("lo");
  if (!loopback)
    return loopback.error();
  rule_ptr rule{rtnl_rule_alloc()};
  rtnl_rule_set_family(rule.get(), domain_of(kind));
  rtnl_rule_set_mark(rule.get(), mark);
  rtnl_rule_set_table(rule.get(), table);
  rtnl_rule_set_action(rule.get(), FR_ACT_TO_TBL);
  if (auto ok = check(
        rtnl_rule_add(socket_.get(), rule.get(), NLM_F_CREATE | NLM_F_EXCL),
        "add the rule for marked packets");
      !ok)
    return ok;
  route_ptr route{rtnl_route_alloc()};
  auto everywhere = to_nl(ip_address::any(kind), 0);
  auto hop = rtnl_route_nh_alloc();
  rtnl_route_nh_set_ifindex(hop, *loopback);
  rtnl_route_set_family(route.get(), static_cast<uint8_t>(domain_of(kind)));
  rtnl_route_set_table(route.get(), table);
  rtnl_route_set_type(route.get(), RTN_LOCAL);
  rtnl_route_set_scope(
    route.get(), kind == family::v4 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE);
  rtnl_route_set_dst(route.get(), everywhere.get());
  rtnl_route_add_nexthop(route.get(), hop);
  return check(
    rtnl_route_add(socket_.get(), route.get(), NLM_F_CREATE),
    "add the local route for marked packets");
}

} // namespace pier::net
