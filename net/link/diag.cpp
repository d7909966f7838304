#include "net/link/diag.hpp"

#include "net/link/diag_dump.hpp"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <sys/socket.h>

#include <vector>

namespace pier::net {

namespace {

constexpr size_t buffer_size = size_t{32} * 1024;
constexpr int deadline_ms = 1000;

} // namespace

fd open_diag() {
  return fd{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)};
}

bool ask_diag(
  int diag, uint16_t type, uint16_t flags, const inet_diag_req_v2& what) {
  struct {
    nlmsghdr header;
    inet_diag_req_v2 body;
  } request{};
  request.header.nlmsg_len = sizeof(request);
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
  request.body = what;
  return ::send(diag, &request, sizeof(request), 0)
    == static_cast<ssize_t>(sizeof(request));
}

void dump_sockets(
  const inet_diag_req_v2& what,
  const std::function<void(const inet_diag_msg&)>& each) {
  auto diag = open_diag();
  if (!diag || !ask_diag(diag.get(), SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, what))
    return;
  std::vector<uint8_t> buffer(buffer_size);
  for (auto done = false; !done;) {
    pollfd state{diag.get(), POLLIN, 0};
    if (::poll(&state, 1, deadline_ms) <= 0)
      return;
    auto got = ::recv(diag.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got <= 0)
      return;
    done = walk_dump({buffer.data(), static_cast<size_t>(got)}, each);
  }
}

} // namespace pier::net
