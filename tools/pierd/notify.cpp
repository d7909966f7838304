#include "tools/pierd/notify.hpp"

#include "net/fd.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

namespace pier::daemon {

bool notify(const std::string& socket, std::string_view state) {
  sockaddr_un to{};
  if (socket.empty() || socket.size() >= sizeof(to.sun_path))
    return false;
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, socket.data(), socket.size());
  if (socket.front() == '@')
    to.sun_path[0] = '\0';
  // An abstract name is as long as it is said to be.
  auto size = static_cast<socklen_t>(
    offsetof(sockaddr_un, sun_path) + socket.size());
  net::fd from{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  return from
    && ::sendto(
         from.get(), state.data(), state.size(), MSG_NOSIGNAL,
         reinterpret_cast<sockaddr*>(&to), size)
    == static_cast<ssize_t>(state.size());
}

} // namespace pier::daemon
