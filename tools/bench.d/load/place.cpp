#include "tools/bench.d/load/place.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace load {

void give_up(const std::string& what) {
  std::fprintf(
    stderr, "pier-load: %s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(1);
}

place parse(const std::string& address, unsigned port) {
  place at;
  auto number = htons(static_cast<uint16_t>(port));
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = number;
    at.size = sizeof(v4);
    std::memcpy(&at.address, &v4, at.size);
  } else if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = number;
    at.size = sizeof(v6);
    std::memcpy(&at.address, &v6, at.size);
  } else {
    errno = EINVAL;
    give_up(address);
  }
  return at;
}

std::vector<place>
parse_range(const std::string& address, const std::string& ports) {
  auto first = std::strtoul(ports.c_str(), nullptr, 10);
  auto dash = ports.find('-');
  auto last = dash == std::string::npos
    ? first
    : std::strtoul(ports.c_str() + dash + 1, nullptr, 10);
  std::vector<place> out;
  for (auto port = first; port <= last; ++port)
    out.push_back(parse(address, static_cast<unsigned>(port)));
  return out;
}

int make_socket(const place& at, int type) {
  auto made = ::socket(at.address.ss_family, type | SOCK_CLOEXEC, 0);
  if (made < 0)
    give_up("socket");
  int on = 1;
  if ((type & SOCK_STREAM) != 0)
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return made;
}

clock::time_point after(double seconds) {
  return clock::now()
    + std::chrono::duration_cast<clock::duration>(
           std::chrono::duration<double>(seconds));
}

double since(clock::time_point begun) {
  return std::chrono::duration<double>(clock::now() - begun).count();
}

int every(std::chrono::microseconds period) {
  auto made = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(period);
  timespec step{
    static_cast<time_t>(seconds.count()),
    static_cast<long>(std::chrono::nanoseconds(period - seconds).count())};
  itimerspec when{step, step};
  ::timerfd_settime(made, 0, &when, nullptr);
  return made;
}

void wait_for(int tick) {
  uint64_t ticks = 0;
  if (::read(tick, &ticks, sizeof(ticks)) < 0)
    give_up("wait for a timer");
}

} // namespace load
