#include "net/link/connections.hpp"

#include "net/fd.hpp"
#include "net/link/diag_dump.hpp"
#include "net/socket_address.hpp"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

namespace pier::net {

namespace {

constexpr size_t buffer_size = size_t{32} * 1024;
constexpr int dump_deadline_ms = 1000;

struct request {
  nlmsghdr header;
  inet_diag_req_v2 body;
};

fd open_diag() {
  return fd{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)};
}

bool send(int diag, uint16_t type, uint16_t flags, inet_diag_req_v2 body) {
  request what{};
  what.header.nlmsg_len = sizeof(what);
  what.header.nlmsg_type = type;
  what.header.nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
  what.body = body;
  return ::send(diag, &what, sizeof(what), 0)
    == static_cast<ssize_t>(sizeof(what));
}

/// Everything of this table, listeners excepted.
std::vector<inet_diag_msg> list(family kind, int proto) {
  std::vector<inet_diag_msg> out;
  auto diag = open_diag();
  inet_diag_req_v2 what{};
  what.sdiag_family = static_cast<uint8_t>(domain_of(kind));
  what.sdiag_protocol = static_cast<uint8_t>(proto);
  what.idiag_states = proto == IPPROTO_UDP ? 1U << TCP_ESTABLISHED
                                           : ~(1U << TCP_LISTEN);
  if (!diag || !send(diag.get(), SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, what))
    return out;
  std::vector<uint8_t> buffer(buffer_size);
  for (auto done = false; !done;) {
    pollfd state{diag.get(), POLLIN, 0};
    if (::poll(&state, 1, dump_deadline_ms) <= 0)
      return out;
    auto got = ::recv(diag.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got <= 0)
      return out;
    done = walk_dump(
      {buffer.data(), static_cast<size_t>(got)},
      [&](const inet_diag_msg& one) { out.push_back(one); });
  }
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
        send(ender.get(), SOCK_DESTROY, 0, what);
      }
}

} // namespace pier::net
