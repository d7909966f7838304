#include "net/port/inet_diag.hpp"

#include "net/fd.hpp"
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

constexpr size_t receive_size = 32 * 1024;
/// TCP_BOUND_INACTIVE of Linux 6.8, which older headers do not have. Older
/// kernels do not list TCP sockets that are bound only.
constexpr uint32_t bound_only = 1U << 13;

} // namespace

bool request_dump(int diag, family kind, protocol proto) {
  struct {
    nlmsghdr header;
    inet_diag_req_v2 body;
  } request{};
  request.header.nlmsg_len = sizeof(request);
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = static_cast<uint8_t>(domain_of(kind));
  request.body.sdiag_protocol = proto == protocol::tcp ? IPPROTO_TCP
                                                       : IPPROTO_UDP;
  request.body.idiag_states = 1U << TCP_LISTEN | 1U << TCP_CLOSE | bound_only;
  return ::send(diag, &request, sizeof(request), 0)
    == static_cast<ssize_t>(sizeof(request));
}

bool read_dump(
  std::span<const uint8_t> bytes,
  const std::function<void(const bound_socket&)>& each) {
  return walk_dump(bytes, [&](const inet_diag_msg& one) {
    if (one.id.idiag_dport == 0 && one.id.idiag_sport != 0)
      each(
        {{source_of(one), ntohs(one.id.idiag_sport)},
         one.idiag_inode,
         one.idiag_state == TCP_LISTEN});
  });
}

std::vector<bound_socket> list_bound(family kind, protocol proto) {
  std::vector<bound_socket> out;
  fd diag{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)};
  if (!diag || !request_dump(diag.get(), kind, proto))
    return out;
  std::vector<uint8_t> buffer(receive_size);
  for (;;) {
    auto got = ::recv(diag.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0)
      return out;
    auto done = read_dump(
      {buffer.data(), static_cast<size_t>(got)},
      [&](const bound_socket& one) { out.push_back(one); });
    if (done)
      return out;
  }
}

} // namespace pier::net
