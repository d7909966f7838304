#pragma once

/// One descriptor as the kernel shows it.

#include "messages/address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

struct descriptor {
  int number = -1;
  /// Of /proc/PID/fd: "socket:[4711]", "anon_inode:[eventpoll]", "/dev/null".
  std::string target;

  // Of a socket of this process, what it says of itself.
  int family = -1; // AF_…
  int protocol = 0;
  bool listens = false;
  /// Of AF_INET and AF_INET6.
  std::optional<endpoint> own, peer;
  /// Of AF_UNIX; empty: it has no name.
  std::string path, peer_path;
  /// Of AF_PACKET: the number of its link.
  int link = 0;
  /// Of a pipe of this process: how much it holds.
  int room = 0;

  /// Of "socket:[4711]" and "net:[4711]"; 0: it has none.
  uint64_t inode() const;

  bool is_socket() const {
    return target.starts_with("socket:[");
  }
};

/// "17 tcp 0.0.0.0:8000 listening", "3 /dev/null".
std::string to_string(const descriptor& of);

/// Those of this process, each asked what it is.
std::vector<descriptor> own_descriptors();

/// Of another process of ours: where they lead, and no more. Empty: it has
/// gone, or cannot be looked at.
std::vector<descriptor> descriptors_of(int process);

} // namespace pier::net
