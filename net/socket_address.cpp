#include "net/socket_address.hpp"

#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace pier::net {

socket_address to_kernel(const endpoint& at) noexcept {
  socket_address out;
  if (at.ip.is_v4()) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(at.port);
    std::memcpy(&in.sin_addr, at.ip.bytes().data(), sizeof(in.sin_addr));
    std::memcpy(&out.storage, &in, sizeof(in));
    out.size = sizeof(in);
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(at.port);
    std::memcpy(&in.sin6_addr, at.ip.bytes().data(), sizeof(in.sin6_addr));
    std::memcpy(&out.storage, &in, sizeof(in));
    out.size = sizeof(in);
  }
  return out;
}

socket_address to_kernel(const std::string& path) noexcept {
  socket_address out;
  sockaddr_un un{};
  un.sun_family = AF_UNIX;
  std::memcpy(
    un.sun_path, path.data(), std::min(path.size(), sizeof(un.sun_path) - 1));
  std::memcpy(&out.storage, &un, sizeof(un));
  out.size = sizeof(un);
  return out;
}

endpoint from_kernel(const socket_address& address) noexcept {
  if (address.storage.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address.storage, sizeof(in));
    std::array<uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
    return {ip_address::v4(bytes), ntohs(in.sin_port)};
  }
  if (address.storage.ss_family != AF_INET6)
    return {};
  sockaddr_in6 in{};
  std::memcpy(&in, &address.storage, sizeof(in));
  std::array<uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
  if (IN6_IS_ADDR_V4MAPPED(&in.sin6_addr) != 0)
    return {
      ip_address::v4({bytes[12], bytes[13], bytes[14], bytes[15]}),
      ntohs(in.sin6_port)};
  return {ip_address::v6(bytes), ntohs(in.sin6_port)};
}

std::string path_of(const socket_address& at) {
  constexpr auto begin = offsetof(sockaddr_un, sun_path);
  if (at.size <= begin)
    return {};
  const auto* path = reinterpret_cast<const char*>(at.data()) + begin;
  const auto* end = path + (at.size - begin);
  return {path, std::find(path, end, '\0')};
}

int domain_of(family kind) noexcept {
  return kind == family::v4 ? AF_INET : AF_INET6;
}

} // namespace pier::net
