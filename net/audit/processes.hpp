#pragma once

/// Processes, as /proc shows them to us: those that cannot be looked at are
/// left out.

#include <cstdint>
#include <string>
#include <vector>

namespace pier::net {

struct process {
  int pid = 0;
  int parent = 0;
  std::string name;
  /// The inode of its network namespace; 0: not to be seen.
  uint64_t network = 0;
  std::vector<std::string> words;
};

/// All of them. Zombies are none.
std::vector<process> all_processes();

/// PID and parent of a line of /proc/PID/stat; the name between them may have
/// any characters. Pure. False: it is none, or that of a zombie.
bool read_stat(const std::string& line, process& to);

/// The inode of a namespace by its descriptor; 0: it is none.
uint64_t inode_of(int descriptor);

} // namespace pier::net
