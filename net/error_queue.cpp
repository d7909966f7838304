#include "net/error_queue.hpp"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

ec cause_of(int number) {
  return number == EMSGSIZE ? ec::ok : from_errno(number);
}

/// ICMPv6 has an errno for "forbidden"; ICMP's codes share those of absence.
ec cause_of(const sock_extended_err& what) {
  if (
    what.ee_origin == SO_EE_ORIGIN_ICMP && what.ee_type == ICMP_DEST_UNREACH
    && (what.ee_code == ICMP_NET_ANO || what.ee_code == ICMP_HOST_ANO || what.ee_code == ICMP_PKT_FILTERED))
    return ec::forbidden;
  return cause_of(static_cast<int>(what.ee_errno));
}

bool is_error(const cmsghdr& header) {
  return (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RECVERR)
    || (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_RECVERR);
}

} // namespace

void open_error_queue(int socket, family kind) {
  int on = 1;
  if (kind == family::v4)
    ::setsockopt(socket, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
  else
    ::setsockopt(socket, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
}

ec take_error(int socket, int number) {
  auto why = ec::ok;
  for (;;) {
    alignas(cmsghdr) std::array<char, 512> control{};
    msghdr message{};
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(socket, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
      return why == ec::ok ? cause_of(number) : why;
    for (auto* each = CMSG_FIRSTHDR(&message); each != nullptr;
         each = CMSG_NXTHDR(&message, each)) {
      if (!is_error(*each) || why != ec::ok)
        continue;
      sock_extended_err what{};
      std::memcpy(&what, CMSG_DATA(each), sizeof(what));
      why = cause_of(what);
    }
  }
}

} // namespace pier::net
