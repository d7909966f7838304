#include "net/probe/way.hpp"

#include "net/fd.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

struct question {
  nlmsghdr header{};
  rtmsg about{};
  rtattr what{};
  std::array<uint8_t, 16> address{};
};

/// A piece of the answer as a T; nothing: it is too short.
template <class T>
bool take(std::span<const uint8_t> bytes, T& to) {
  if (bytes.size() < sizeof(T))
    return false;
  std::memcpy(&to, bytes.data(), sizeof(T));
  return true;
}

ip_address address_in(std::span<const uint8_t> bytes) {
  if (std::array<uint8_t, 16> v6; bytes.size() == v6.size()) {
    std::copy(bytes.begin(), bytes.end(), v6.begin());
    return ip_address::v6(v6);
  }
  if (std::array<uint8_t, 4> v4; take(bytes, v4))
    return ip_address::v4(v4);
  return {};
}

error no_way(const ip_address& to, int number) {
  auto code = from_errno(number);
  if (code == ec::permission_denied)
    code = ec::forbidden;
  return {
    code == ec::failed ? ec::network_unreachable : code,
    "the host has no way to " + to_string(to) + ": " + std::strerror(number)};
}

} // namespace

std::string to_string(const host_way& of) {
  auto out = "by " + of.device + ", from " + to_string(of.source);
  if (!of.via.is_any())
    out += ", via " + to_string(of.via);
  return out;
}

result<way_answer> read_way(std::span<const uint8_t> bytes) {
  const error odd{ec::failed, "the kernel's answer about a route is cut short"};
  nlmsghdr header{};
  if (
    !take(bytes, header) || header.nlmsg_len < sizeof(header)
    || header.nlmsg_len > bytes.size())
    return odd;
  auto body = bytes.subspan(sizeof(header), header.nlmsg_len - sizeof(header));
  way_answer out;
  if (header.nlmsg_type == NLMSG_ERROR) {
    int number = 0;
    if (!take(body, number) || number >= 0)
      return odd;
    out.refusal = -number;
    return out;
  }
  rtmsg about{};
  if (header.nlmsg_type != RTM_NEWROUTE || !take(body, about))
    return odd;
  auto left = body.subspan(std::min(NLMSG_ALIGN(sizeof(about)), body.size()));
  rtattr each{};
  while (take(left, each)) {
    if (each.rta_len < sizeof(each) || each.rta_len > left.size())
      return odd;
    auto value = left.subspan(sizeof(each), each.rta_len - sizeof(each));
    if (each.rta_type == RTA_OIF)
      take(value, out.device);
    else if (each.rta_type == RTA_PREFSRC)
      out.source = address_in(value);
    else if (each.rta_type == RTA_GATEWAY)
      out.via = address_in(value);
    left = left.subspan(std::min<size_t>(RTA_ALIGN(each.rta_len), left.size()));
  }
  return out;
}

result<host_way> ask_way(const ip_address& to) {
  fd routes{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)};
  auto length = static_cast<uint16_t>(to.is_v4() ? 4 : 16);
  question asked;
  asked.header.nlmsg_type = RTM_GETROUTE;
  asked.header.nlmsg_flags = NLM_F_REQUEST;
  asked.about.rtm_family = to.is_v4() ? AF_INET : AF_INET6;
  asked.about.rtm_dst_len = static_cast<uint8_t>(8 * length);
  asked.what.rta_type = RTA_DST;
  asked.what.rta_len = static_cast<uint16_t>(sizeof(rtattr) + length);
  std::copy_n(to.bytes().begin(), length, asked.address.begin());
  asked.header.nlmsg_len = static_cast<uint32_t>(
    sizeof(question) - asked.address.size() + length);
  std::array<uint8_t, 4096> reply{};
  // The kernel answers within the call that asks.
  if (
    !routes
    || ::send(routes.get(), &asked, asked.header.nlmsg_len, 0)
      != static_cast<ssize_t>(asked.header.nlmsg_len))
    return no_way(to, errno);
  auto got = ::recv(routes.get(), reply.data(), reply.size(), MSG_DONTWAIT);
  if (got < 0)
    return no_way(to, errno);
  auto read = read_way({reply.data(), static_cast<size_t>(got)});
  if (!read)
    return read.error();
  if (read->refusal != 0)
    return no_way(to, read->refusal);
  std::array<char, IF_NAMESIZE> name{};
  ::if_indextoname(static_cast<unsigned>(read->device), name.data());
  return host_way{name.data(), read->source, read->via};
}

} // namespace pier::net
