#pragma once

/// Where a load goes, and sockets to go there. Whoever cannot go on says why
/// and ends the program: it is a tool, not a service.

#include <sys/socket.h>

#include <chrono>
#include <string>
#include <vector>

namespace load {

using clock = std::chrono::steady_clock;

struct place {
  sockaddr_storage address{};
  socklen_t size = 0;

  const sockaddr* raw() const {
    return reinterpret_cast<const sockaddr*>(&address);
  }
};

[[noreturn]] void give_up(const std::string& what);

place parse(const std::string& address, unsigned port);

/// "5001" or "5001-6000".
std::vector<place>
parse_range(const std::string& address, const std::string& ports);

/// A stream socket without Nagle, or a datagram socket.
int make_socket(const place& at, int type);

clock::time_point after(double seconds);
double since(clock::time_point begun);

/// A timerfd that ticks; a tick that nobody waited for is not lost.
int every(std::chrono::microseconds period);
void wait_for(int tick);

} // namespace load
