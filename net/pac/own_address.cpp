#include "net/pac/own_address.hpp"

#include "net/circuit/dialer.hpp"

#include <sys/socket.h>

namespace pier::net {

namespace {

/// Of documentation (RFC 5737, 3849): to the kernel's routes as good as any.
const endpoint somewhere[] = {
  {ip_address::v4({192, 0, 2, 1}), 9},
  {*ip_address::parse("2001:db8::1"), 9},
};

} // namespace

ip_address own_address() {
  for (const auto& each : somewhere) {
    auto socket = host_socket(each.ip.kind(), SOCK_DGRAM);
    auto to = to_kernel(each);
    socket_address own;
    if (
      socket && ::connect(socket->get(), to.data(), to.size) == 0
      && ::getsockname(socket->get(), own.data(), &own.size) == 0)
      return from_kernel(own).ip;
  }
  return ip_address::loopback(family::v4);
}

} // namespace pier::net
