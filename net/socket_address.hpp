#pragma once

/// Between our addresses and the kernel's.

#include "messages/address.hpp"

#include <sys/socket.h>

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

/// An IPv4 address mapped into IPv6 comes back as IPv4.
endpoint from_kernel(const socket_address& address) noexcept;

/// AF_INET or AF_INET6.
int domain_of(family kind) noexcept;

} // namespace pier::net
