#include "net/link/connections.hpp"

#include "net/link/diag.hpp"
#include "net/link/diag_dump.hpp"
#include "net/socket_address.hpp"

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>

namespace pier::net {

namespace {

/// Everything of this table, listeners excepted.
std::vector<inet_diag_msg> list(family kind, int proto) {
  std::vector<inet_diag_msg> out;
  inet_diag_req_v2 what{};
  what.sdiag_family = static_cast<uint8_t>(domain_of(kind));
  what.sdiag_protocol = static_cast<uint8_t>(proto);
  what.idiag_states = proto == IPPROTO_UDP ? 1U << TCP_ESTABLISHED
                                           : ~(1U << TCP_LISTEN);
  dump_sockets(what, [&](const inet_diag_msg& one) { out.push_back(one); });
  return out;
}

} // namespace

void end_connections(const std::vector<ip_address>& at) {
  if (at.empty())
    return;
  auto is_meant = [&](const inet_diag_msg& one) {
    auto ip = source_of(one);
    ip = ip.embedded().value_or(ip);
    return std::find(at.begin(), at.end(), ip) != at.end();
  };
  auto ender = open_diag();
  for (auto kind : {family::v4, family::v6})
    for (int proto : {IPPROTO_TCP, IPPROTO_UDP})
      for (const auto& each : list(kind, proto)) {
        if (!is_meant(each))
          continue;
        inet_diag_req_v2 what{};
        what.sdiag_family = each.idiag_family;
        what.sdiag_protocol = static_cast<uint8_t>(proto);
        what.id = each.id;
        ask_diag(ender.get(), SOCK_DESTROY, 0, what);
      }
}

} // namespace pier::net
