#include "tools/control/peer_identity.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace pier::control {

result<peer_identity> identify(int socket) {
  ucred who{};
  socklen_t size = sizeof(who);
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
    return error{from_errno(errno), "the peer has no credentials"};
  return peer_identity{who.pid, who.uid};
}

bool may_speak(const peer_identity& peer, uid_t server) noexcept {
  return peer.user == 0 || peer.user == server;
}

std::string to_string(const peer_identity& of) {
  return "user " + std::to_string(of.user) + ", process "
    + std::to_string(of.pid);
}

} // namespace pier::control
