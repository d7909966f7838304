#pragma once

/// Who is at the other end of a Unix socket, as the kernel says.

#include "messages/error.hpp"

#include <sys/types.h>

#include <string>

namespace pier::control {

struct peer_identity {
  pid_t pid = 0;
  uid_t user = 0;
};

result<peer_identity> identify(int socket);

/// Root may speak to everybody, everybody to himself.
bool may_speak(const peer_identity& peer, uid_t server) noexcept;

/// "user 0, process 4711", as event logs call it.
std::string to_string(const peer_identity& of);

} // namespace pier::control
