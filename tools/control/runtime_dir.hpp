#pragma once

/// The runtime directory: where the sockets of one user's Piers are.

#include "messages/error.hpp"

#include <sys/types.h>

#include <string>
#include <vector>

namespace pier::control {

/// What the choice depends on.
struct surroundings {
  std::string asked; // --runtime-dir, or PIER_RUNTIME_DIR
  std::string xdg;   // XDG_RUNTIME_DIR
  bool xdg_is_ours = false;
  uid_t user = 0;
};

/// Those of this process; `asked` wins over the environment.
surroundings look_around(std::string asked);

/// What was asked for; else pier/ in XDG_RUNTIME_DIR, where that is the user's
/// own (under sudo it is not); else /run/pier for root and /tmp/pier-UID for
/// everybody else.
std::string choose_runtime_dir(const surroundings& at);

/// Makes the directory (0700) if it is missing, and refuses one that somebody
/// else owns or may write to, and a symbolic link.
result<void> prepare_runtime_dir(const std::string& path, uid_t user);

/// Whether the path of a socket in it fits into an address (sun_path).
result<void> check_socket_path(const std::string& path);

std::string daemon_socket(const std::string& dir);
/// Where consoles of this machine come in.
std::string console_socket(const std::string& dir);
std::string embedded_socket(const std::string& dir, pid_t pid);

/// The control sockets in it, the daemon's first; those of the dead too.
std::vector<std::string> list_sockets(const std::string& dir);

} // namespace pier::control
