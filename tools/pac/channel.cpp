#include "tools/pac/channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace pier::pac {

void say(const net::pac_saying& what) {
  auto bytes = net::to_wire(what);
  while (::send(channel, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0
         && errno == EINTR) {}
}

net::pac_saying hear() {
  std::array<char, net::max_pac_saying> bytes{};
  ssize_t size = 0;
  do
    size = ::recv(channel, bytes.data(), bytes.size(), 0);
  while (size < 0 && errno == EINTR);
  auto said = size > 0
    ? net::read_pac_saying({bytes.data(), static_cast<size_t>(size)})
    : std::nullopt;
  if (!said)
    ::_exit(0);
  return std::move(*said);
}

} // namespace pier::pac
