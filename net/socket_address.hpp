#pragma once

/// Between our addresses and the kernel's.

#include "messages/address.hpp"

#include <sys/socket.h>

#include <string>

namespace pier::net {

/// A sockaddr of either family and its length.
struct socket_address {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* data() noexcept {
    return reinterpret_cast<sockaddr*>(&storage);
  }
  const sockaddr* data() const noexcept {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

socket_address to_kernel(const endpoint& at) noexcept;

/// Of a Unix socket. The path has at most 107 bytes: what is longer is cut.
socket_address to_kernel(const std::string& path) noexcept;

/// An IPv4 address mapped into IPv6 comes back as IPv4; what is of neither
/// family, as nothing but zeros.
endpoint from_kernel(const socket_address& address) noexcept;

/// Of a Unix socket; empty where it has no name.
std::string path_of(const socket_address& at);

/// AF_INET or AF_INET6.
int domain_of(family kind) noexcept;

} // namespace pier::net
