#include "net/gateway/renumbering.hpp"

#include "net/gateway/foundation.hpp"
#include "net/gateway/iptables.hpp"
#include "net/gateway/rules.hpp"
#include "net/link/link_addresses.hpp"

#include <sys/socket.h>

namespace pier::net {

namespace {

/// Kernels without `nft queue` have that part of the rules elsewhere.
bool queues_by_nft() {
  return load_rules("list chain inet pier held").has_value();
}

result<void>
renumber_queue(const guest_network& was, const guest_network& is, family kind) {
  for (const auto& line : renumber_commands(was, is, kind)) {
    auto failure = run_iptables(kind, line);
    // What another keeper has taken away already cannot be taken away.
    if (failure && line.at(2) != "-D")
      return error{
        ec::not_supported, "the gate's queue cannot follow: " + *failure};
  }
  return {};
}

result<void> set_links(const guest_network& is) {
  auto links = netlink::open();
  if (!links)
    return links.error();
  if (auto ok = links->set_mtu(bridge_name, is.mtu); !ok)
    return ok;
  return set_addresses(
    *links, bridge_name,
    {{is.gateway, is.bits},
     {is.host, is.bits},
     {is.proxy, is.bits},
     {is.gateway6, is.bits6},
     {is.host6, is.bits6},
     {is.proxy6, is.bits6}});
}

} // namespace

result<std::vector<fd>>
renumber_gateway(const guest_network& was, const guest_network& is) {
  if (auto ok = set_links(is); !ok)
    return ok.error();
  if (auto ok = load_rules(renumber_rules(is)); !ok)
    return ok.error();
  std::vector<family> moved;
  if (was.gateway != is.gateway || was.bits != is.bits)
    moved.push_back(family::v4);
  if (was.gateway6 != is.gateway6)
    moved.push_back(family::v6);
  auto by_tool = !queues_by_nft();
  std::vector<fd> out;
  for (auto kind : moved) {
    if (auto ok = by_tool ? renumber_queue(was, is, kind) : result<void>{}; !ok)
      return ok.error();
    if (kind == family::v4 && was.gateway == is.gateway)
      continue; // A longer or a shorter one of the same.
    for (auto type : {SOCK_DGRAM, SOCK_STREAM}) {
      auto desk = open_dns(is, kind, type);
      if (!desk)
        return desk.error();
      out.push_back(std::move(*desk));
    }
  }
  return out;
}

} // namespace pier::net
