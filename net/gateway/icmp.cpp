#include "net/gateway/icmp.hpp"

#include "net/socket_address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <vector>

namespace pier::net {

namespace {

constexpr uint8_t reply_v4 = 0, reply_v6 = 129;
constexpr uint8_t unreachable_v4 = 3, unreachable_v6 = 1;

void put(std::vector<uint8_t>& where, size_t offset, uint16_t number) {
  where[offset] = static_cast<uint8_t>(number >> 8);
  where[offset + 1] = static_cast<uint8_t>(number & 0xff);
}

/// Names the source address beside the datagram.
template <class Info>
void put_source(msghdr& message, int level, int type, const Info& info) {
  auto header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = level;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(sizeof(info));
  std::memcpy(CMSG_DATA(header), &info, sizeof(info));
  message.msg_controllen = CMSG_SPACE(sizeof(info));
}

/// Sends ICMP `bytes` from `source` to `guest`; the checksum is made here for
/// IPv4 and by the kernel for IPv6.
void send_from(
  int raw, std::vector<uint8_t> bytes, const ip_address& guest,
  const ip_address& source) {
  auto v4 = source.is_v4();
  if (v4)
    put(bytes, 2, icmp_checksum(bytes));
  auto to = to_kernel({guest, 0});
  iovec part{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_name = to.data();
  message.msg_namelen = to.size;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> control{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (v4) {
    in_pktinfo info{};
    std::memcpy(&info.ipi_spec_dst, source.bytes().data(), 4);
    put_source(message, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, source.bytes().data(), 16);
    put_source(message, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
  ::sendmsg(raw, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::optional<uint8_t> unreachable_code(ec why, bool v4) {
  switch (why) {
    case ec::refused:
      return v4 ? 3 : 4;
    case ec::host_unreachable:
      return v4 ? 1 : 3;
    case ec::network_unreachable:
      return 0;
    case ec::forbidden:
    case ec::permission_denied:
      return v4 ? 13 : 1;
    default:
      return std::nullopt;
  }
}

/// The headers of a datagram that the flow's guest may have sent: by them its
/// kernel finds the socket.
std::vector<uint8_t> headers_of(const flow& what) {
  constexpr uint8_t udp = 17, hops = 64;
  auto v4 = what.guest.ip.is_v4();
  std::vector<uint8_t> out(v4 ? 20 : 40);
  auto put_address = [&](const ip_address& ip, size_t offset) {
    auto size = v4 ? 4 : 16;
    std::copy_n(
      ip.bytes().begin(), size,
      out.begin() + static_cast<std::ptrdiff_t>(offset));
  };
  if (v4) {
    out[0] = 0x45;
    put(out, 2, 28);
    out[8] = hops;
    out[9] = udp;
    put_address(what.guest.ip, 12);
    put_address(what.peer.ip, 16);
  } else {
    out[0] = 0x60;
    put(out, 4, 8);
    out[6] = udp;
    out[7] = hops;
    put_address(what.guest.ip, 8);
    put_address(what.peer.ip, 24);
  }
  auto ports = out.size();
  out.resize(ports + 8);
  put(out, ports, what.guest.port);
  put(out, ports + 2, what.peer.port);
  put(out, ports + 4, 8);
  return out;
}

} // namespace

uint16_t icmp_checksum(const std::vector<uint8_t>& bytes) {
  uint32_t sum = 0;
  for (size_t i = 0; i < bytes.size(); i += 2) {
    uint32_t low = i + 1 < bytes.size() ? bytes[i + 1] : 0;
    sum += static_cast<uint32_t>(bytes[i]) << 8 | low;
  }
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

void send_echo_reply(int raw, const held_packet& request) {
  std::vector<uint8_t> reply(8);
  reply[0] = request.what.peer.ip.is_v4() ? reply_v4 : reply_v6;
  put(reply, 4, request.echo_id);
  put(reply, 6, request.echo_sequence);
  reply.insert(
    reply.end(), request.echo_payload.begin(), request.echo_payload.end());
  send_from(raw, std::move(reply), request.what.guest.ip, request.what.peer.ip);
}

void send_unreachable(int raw, const flow& what, ec why) {
  auto v4 = what.guest.ip.is_v4();
  auto code = unreachable_code(why, v4);
  if (!code)
    return;
  std::vector<uint8_t> bytes(8);
  bytes[0] = v4 ? unreachable_v4 : unreachable_v6;
  bytes[1] = *code;
  auto original = headers_of(what);
  bytes.insert(bytes.end(), original.begin(), original.end());
  // In the peer's name: the guest's kernel asks only for whom it is.
  send_from(raw, std::move(bytes), what.guest.ip, what.peer.ip);
}

} // namespace pier::net
