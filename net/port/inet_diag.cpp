#include "net/port/inet_diag.hpp"

#include "net/link/diag.hpp"
#include "net/link/diag_dump.hpp"
#include "net/socket_address.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace pier::net {

namespace {

/// TCP_BOUND_INACTIVE of Linux 6.8, which older headers do not have. Older
/// kernels do not list TCP sockets that are bound only.
constexpr uint32_t bound_only = 1U << 13;

inet_diag_req_v2 question(family kind, protocol proto) {
  inet_diag_req_v2 out{};
  out.sdiag_family = static_cast<uint8_t>(domain_of(kind));
  out.sdiag_protocol = proto == protocol::tcp ? IPPROTO_TCP : IPPROTO_UDP;
  out.idiag_states = 1U << TCP_LISTEN | 1U << TCP_CLOSE | bound_only;
  return out;
}

/// What has a peer is no service.
void read_one(
  const inet_diag_msg& one,
  const std::function<void(const bound_socket&)>& each) {
  if (one.id.idiag_dport == 0 && one.id.idiag_sport != 0)
    each(
      {{source_of(one), ntohs(one.id.idiag_sport)},
       one.idiag_inode,
       one.idiag_state == TCP_LISTEN});
}

} // namespace

bool request_dump(int diag, family kind, protocol proto) {
  return ask_diag(diag, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, question(kind, proto));
}

bool read_dump(
  std::span<const uint8_t> bytes,
  const std::function<void(const bound_socket&)>& each) {
  return walk_dump(
    bytes, [&](const inet_diag_msg& one) { read_one(one, each); });
}

std::vector<bound_socket> list_bound(family kind, protocol proto) {
  std::vector<bound_socket> out;
  dump_sockets(question(kind, proto), [&](const inet_diag_msg& one) {
    read_one(one, [&](const bound_socket& found) { out.push_back(found); });
  });
  return out;
}

} // namespace pier::net
