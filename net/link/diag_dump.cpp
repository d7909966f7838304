#include "net/link/diag_dump.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace pier::net {

bool walk_dump(
  std::span<const uint8_t> bytes,
  const std::function<void(const inet_diag_msg&)>& each) {
  while (bytes.size() >= sizeof(nlmsghdr)) {
    nlmsghdr header{};
    std::memcpy(&header, bytes.data(), sizeof(header));
    if (
      header.nlmsg_len < sizeof(nlmsghdr) || header.nlmsg_len > bytes.size()
      || header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR)
      return true;
    inet_diag_msg body{};
    if (header.nlmsg_len >= NLMSG_HDRLEN + sizeof(body)) {
      std::memcpy(&body, bytes.data() + NLMSG_HDRLEN, sizeof(body));
      each(body);
    }
    auto step = std::min<size_t>(NLMSG_ALIGN(header.nlmsg_len), bytes.size());
    bytes = bytes.subspan(step);
  }
  return false;
}

ip_address source_of(const inet_diag_msg& what) {
  std::array<uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), what.id.idiag_src, bytes.size());
  if (what.idiag_family == AF_INET)
    return ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]});
  return ip_address::v6(bytes);
}

} // namespace pier::net
