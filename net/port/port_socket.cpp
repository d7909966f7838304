#include "net/port/port_socket.hpp"

#include "net/datagram_options.hpp"
#include "net/port/holder.hpp"
#include "net/socket_address.hpp"
#include "net/stream_options.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cctype>
#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

void set(int socket, int level, int name, int value) {
  ::setsockopt(socket, level, name, &value, sizeof(value));
}

/// As Go prints errors, which tools match on.
std::string lower_case(std::string text) {
  for (auto& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

error bind_error(protocol proto, const endpoint& at, int number) {
  auto text = "listen " + network_name(proto, at.ip.kind()) + " "
    + to_string(at) + ": bind: " + lower_case(std::strerror(number));
  if (number == EADDRINUSE)
    text += holder_of(proto, at);
  if (number == EACCES)
    text += ": choose a port from 1024 up, or sysctl -w "
            "net.ipv4.ip_unprivileged_port_start="
      + std::to_string(at.port);
  return {from_errno(number), text};
}

/// Puts a fresh socket of the same address under the same descriptor. Linux
/// leaves an IPv6 socket that was disconnected in the hash slot of the address
/// it was connected from, where datagrams to other addresses do not find it.
result<void> renew_udp6(int socket) {
  socket_address at;
  ::getsockname(socket, at.data(), &at.size);
  fd fresh{::socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  set(fresh.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  // Only for as long as both are there.
  set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  set(fresh.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (
    !fresh || ::bind(fresh.get(), at.data(), at.size) != 0
    || ::dup3(fresh.get(), socket, O_CLOEXEC) < 0)
    return error{
      from_errno(errno), std::string{"open: "} + std::strerror(errno)};
  set(socket, SOL_SOCKET, SO_REUSEADDR, 0);
  return {};
}

bool is_v6(int socket) {
  int domain = 0;
  socklen_t size = sizeof(domain);
  ::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size);
  return domain == AF_INET6;
}

} // namespace

std::string network_name(protocol proto, family kind) {
  return std::string{to_string(proto)} + (kind == family::v4 ? "4" : "6");
}

result<fd> reserve_port(protocol proto, const endpoint& at) {
  auto type = proto == protocol::tcp ? SOCK_STREAM : SOCK_DGRAM;
  fd made{
    ::socket(domain_of(at.ip.kind()), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!made)
    return bind_error(proto, at, errno);
  auto socket = made.get();
  if (!at.ip.is_v4())
    set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (proto == protocol::tcp) {
    set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    set_stream_options(socket);
  } else {
    set_datagram_options(socket);
  }
  auto address = to_kernel(at);
  if (::bind(socket, address.data(), address.size) != 0)
    return bind_error(proto, at, errno);
  if (proto == protocol::tcp)
    set(socket, SOL_SOCKET, SO_REUSEADDR, 0);
  else
    park_port(socket, proto, at);
  return made;
}

result<void> open_port(int socket, protocol proto, unsigned backlog) {
  if (proto == protocol::tcp) {
    set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    if (::listen(socket, static_cast<int>(backlog)) != 0)
      return error{
        from_errno(errno), std::string{"listen: "} + std::strerror(errno)};
    return {};
  }
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (::connect(socket, &nobody, sizeof(nobody)) != 0)
    return error{
      from_errno(errno), std::string{"open: "} + std::strerror(errno)};
  return is_v6(socket) ? renew_udp6(socket) : result<void>{};
}

void park_port(int socket, protocol proto, const endpoint& at) {
  if (proto == protocol::tcp) {
    ::shutdown(socket, SHUT_RDWR);
    set(socket, SOL_SOCKET, SO_REUSEADDR, 0);
    return;
  }
  auto self = at;
  if (self.ip.is_any())
    self.ip = ip_address::loopback(at.ip.kind());
  auto address = to_kernel(self);
  ::connect(socket, address.data(), address.size);
}

} // namespace pier::net
