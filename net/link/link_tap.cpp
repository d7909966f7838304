#include "net/link/link_tap.hpp"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

error cannot_tap(const std::string& link) {
  return {
    from_errno(errno),
    "cannot look at link " + link + ": " + std::strerror(errno)};
}

} // namespace

result<fd> open_link_tap(const lease& at) {
  auto link = link_name(at);
  sockaddr_ll where{};
  where.sll_family = AF_PACKET;
  where.sll_ifindex = static_cast<int>(::if_nametoindex(link.c_str()));
  if (where.sll_ifindex == 0)
    return cannot_tap(link);
  fd made{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (
    !made
    || ::bind(made.get(), reinterpret_cast<sockaddr*>(&where), sizeof(where))
      != 0)
    return cannot_tap(link);
  return made;
}

void deafen(int packets) {
  sock_filter nothing{BPF_RET | BPF_K, 0, 0, 0};
  sock_fprog program{1, &nothing};
  int on = 1;
  ::setsockopt(
    packets, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
  ::setsockopt(packets, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on));
}

} // namespace pier::net
