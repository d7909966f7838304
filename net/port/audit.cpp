#include "net/port/audit.hpp"

#include "net/fd.hpp"
#include "net/socket_address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>
#include <optional>
#include <set>

namespace pier::net {

namespace {

/// How many descriptors this process may have open: none is above it.
int table_size() {
  std::ifstream status{"/proc/self/status"};
  std::string word;
  while (status >> word)
    if (int size = 0; word == "FDSize:" && status >> size)
      return size;
  return 0;
}

int option(int socket, int name) {
  int value = 0;
  socklen_t size = sizeof(value);
  return ::getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0 ? value
                                                                    : -1;
}

/// Nothing where the kernel does not tell: Linux does from 5.14 on.
std::optional<uint64_t> namespace_of(int socket) {
  uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  if (::getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) != 0)
    return {};
  return cookie;
}

bool has_peer(int socket) {
  socket_address peer;
  return ::getpeername(socket, peer.data(), &peer.size) == 0;
}

} // namespace

// We look at our descriptors, not at the kernel's tables: those list no TCP
// socket that is bound only before Linux 6.8, and what is left over after a
// stop is parked as a rule. Some of them are in the gateway's namespace, where
// the kernel chooses numbers that are also those of ports out here.
std::vector<std::string> audit_ports(const std::vector<bound_port>& ports) {
  if (ports.empty())
    return {};
  std::set<std::pair<protocol, endpoint>> wanted;
  std::set<std::pair<protocol, endpoint>> found;
  for (const auto& each : ports)
    wanted.insert({each.proto, each.host});
  fd sample{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto here = namespace_of(sample.get());
  for (int i = 0, size = table_size(); i < size; ++i) {
    socket_address own;
    if (
      ::getsockname(i, own.data(), &own.size) != 0
      || (here && namespace_of(i) != here))
      continue;
    auto family = own.storage.ss_family;
    if (family != AF_INET && family != AF_INET6)
      continue;
    auto number = option(i, SO_PROTOCOL);
    // A client's connection has the port's address, too.
    if (number == IPPROTO_UDP || (number == IPPROTO_TCP && !has_peer(i)))
      found.insert(
        {number == IPPROTO_UDP ? protocol::udp : protocol::tcp,
         from_kernel(own)});
  }
  std::vector<std::string> out;
  for (const auto& each : found)
    if (wanted.contains(each))
      out.push_back(
        std::string{to_string(each.first)} + " " + to_string(each.second)
        + " is still bound");
  return out;
}

} // namespace pier::net
