#include "net/datagram_options.hpp"
#include "net/gateway/foundation.hpp"
#include "net/gateway/rules.hpp"
#include "net/socket_address.hpp"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/icmp.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

constexpr int backlog = 8192;
constexpr uint16_t dns_port = 53;
/// Packets held at once; a flood beyond it is dropped by the kernel.
constexpr uint32_t queue_length = 16384;
/// All of an echo request; of the others the headers would do.
constexpr int copied_bytes = 0xffff;
constexpr int queue_buffer = 8 << 20;

error system_error(const std::string& what) {
  return {from_errno(errno), what + ": " + std::strerror(errno)};
}

void set_flag(int socket, int level, int name) {
  int on = 1;
  ::setsockopt(socket, level, name, &on, sizeof(on));
}

result<fd> bound(family kind, int type, const endpoint& at) {
  auto made = open_transparent(kind, type);
  if (!made)
    return made;
  auto address = to_kernel(at);
  set_flag(made->get(), SOL_SOCKET, SO_REUSEADDR);
  if (kind == family::v6)
    set_flag(made->get(), IPPROTO_IPV6, IPV6_V6ONLY);
  if (::bind(made->get(), address.data(), address.size) != 0)
    return system_error("bind " + to_string(at) + " in the gateway");
  if (type == SOCK_STREAM && ::listen(made->get(), backlog) != 0)
    return system_error("listen on " + to_string(at) + " in the gateway");
  return made;
}

/// One request to nfnetlink and its acknowledgement.
result<void> say(int socket, nlmsghdr* what) {
  what->nlmsg_flags |= NLM_F_ACK;
  if (::send(socket, what, what->nlmsg_len, 0) < 0)
    return system_error("configure the gate's queue");
  alignas(nlmsghdr) std::array<char, 4096> answer{};
  if (::recv(socket, answer.data(), answer.size(), 0) < 0)
    return system_error("configure the gate's queue");
  nlmsgerr why{};
  std::memcpy(&why, answer.data() + NLMSG_HDRLEN, sizeof(why));
  if (why.error == 0)
    return {};
  errno = -why.error;
  return system_error("bind the gate's queue");
}

result<fd> open_queue() {
  fd queue{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER)};
  sockaddr_nl self{};
  self.nl_family = AF_NETLINK;
  if (
    !queue
    || ::bind(queue.get(), reinterpret_cast<sockaddr*>(&self), sizeof(self))
      != 0)
    return system_error("open the gate's queue");
  alignas(nlmsghdr) std::array<char, 1024> buffer{};
  auto bind = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, queue_number);
  nfq_nlmsg_cfg_put_cmd(bind, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
  if (auto ok = say(queue.get(), bind); !ok)
    return ok.error();
  auto setup = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, queue_number);
  nfq_nlmsg_cfg_put_params(setup, NFQNL_COPY_PACKET, copied_bytes);
  nfq_nlmsg_cfg_put_qmaxlen(setup, queue_length);
  mnl_attr_put_u32(setup, NFQA_CFG_FLAGS, htonl(NFQA_CFG_F_GSO));
  mnl_attr_put_u32(setup, NFQA_CFG_MASK, htonl(NFQA_CFG_F_GSO));
  if (auto ok = say(queue.get(), setup); !ok)
    return ok.error();
  set_flag(queue.get(), SOL_NETLINK, NETLINK_NO_ENOBUFS);
  ::setsockopt(
    queue.get(), SOL_SOCKET, SO_RCVBUF, &queue_buffer, sizeof(queue_buffer));
  return queue;
}

/// Sends echo replies in foreign names; receives nothing.
result<fd> open_echo(family kind) {
  auto v4 = kind == family::v4;
  fd echo{::socket(
    domain_of(kind), SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
    v4 ? static_cast<int>(IPPROTO_ICMP) : static_cast<int>(IPPROTO_ICMPV6))};
  if (!echo)
    return system_error("open an ICMP socket in the gateway");
  if (v4) {
    icmp_filter none{};
    none.data = ~uint32_t{0};
    ::setsockopt(echo.get(), SOL_RAW, ICMP_FILTER, &none, sizeof(none));
    set_flag(echo.get(), IPPROTO_IP, IP_TRANSPARENT);
  } else {
    icmp6_filter none{};
    ICMP6_FILTER_SETBLOCKALL(&none);
    ::setsockopt(echo.get(), IPPROTO_ICMPV6, ICMP6_FILTER, &none, sizeof(none));
    set_flag(echo.get(), IPPROTO_IPV6, IPV6_TRANSPARENT);
  }
  return echo;
}

} // namespace

result<fd> open_transparent(family kind, int type) {
  fd made{::socket(domain_of(kind), type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!made)
    return system_error("make a socket in the gateway");
  if (type == SOCK_DGRAM)
    set_datagram_options(made.get());
  if (kind == family::v4)
    set_flag(made.get(), IPPROTO_IP, IP_TRANSPARENT);
  else
    set_flag(made.get(), IPPROTO_IPV6, IPV6_TRANSPARENT);
  return made;
}

result<fd> open_dns(const guest_network& net, family kind, int type) {
  return bound(
    kind, type, {kind == family::v4 ? net.gateway : net.gateway6, dns_port});
}

result<gateway_sockets> open_sockets(const guest_network& net) {
  gateway_sockets out;
  auto keep = [](fd& where, result<fd> made) -> result<void> {
    if (!made)
      return made.error();
    where = std::move(*made);
    return {};
  };
  auto any4 = endpoint{ip_address::any(family::v4), 0};
  auto any6 = endpoint{ip_address::any(family::v6), 0};
  for (const auto& made :
       {keep(out.listener4, bound(family::v4, SOCK_STREAM, any4)),
        keep(out.listener6, bound(family::v6, SOCK_STREAM, any6)),
        keep(out.udp4, open_dns(net, family::v4, SOCK_DGRAM)),
        keep(out.tcp4, open_dns(net, family::v4, SOCK_STREAM)),
        keep(out.udp6, open_dns(net, family::v6, SOCK_DGRAM)),
        keep(out.tcp6, open_dns(net, family::v6, SOCK_STREAM)),
        keep(out.queue, open_queue()), keep(out.icmp4, open_echo(family::v4)),
        keep(out.icmp6, open_echo(family::v6))})
    if (!made)
      return made.error();
  return out;
}

} // namespace pier::net
