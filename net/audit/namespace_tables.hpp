#pragma once

/// What a network namespace has, by the tables that the kernel shows of the
/// namespace of a process (proc(5), /proc/PID/net): no privilege is needed.

#include "messages/address.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pier::net {

/// A socket that takes anybody in: a TCP listener, or an unconnected UDP
/// socket.
struct open_socket {
  std::string protocol;
  endpoint at;
  uint64_t inode = 0;
};

std::vector<open_socket> open_sockets_of(int process);

/// The names of its links.
std::vector<std::string> links_of(int process);

/// Lines of such tables; what is none is passed over. Pure.
std::vector<open_socket>
read_sockets(std::string_view table, const std::string& protocol);
std::vector<std::string> read_links(std::string_view table);

} // namespace pier::net
