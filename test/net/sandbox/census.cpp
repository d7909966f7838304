#include "test/net/sandbox/census.hpp"

#include "net/sandbox/shim_process.hpp"
#include "test/net/sandbox/scratch.hpp"
#include "test/net/sandbox/trial.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <sstream>

namespace pier::net::trials {

std::vector<int> children_of(int parent) {
  std::vector<int> out;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos)
      continue;
    auto stat = read_file(entry.path() / "stat");
    // pid (comm) state ppid …; comm may hold anything but its last bracket.
    auto at = stat.rfind(") ");
    if (at == std::string::npos)
      continue;
    std::istringstream rest{stat.substr(at + 2)};
    char state = 'Z';
    int ppid = 0;
    rest >> state >> ppid;
    if (ppid == parent && state != 'Z')
      out.push_back(std::stoi(name));
  }
  return out;
}

bool nobody_left() {
  // Generous: each round waits for the end of one process, or fails.
  for (int round = 0; round < 1000; ++round) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {}
    siginfo_t news{};
    if (::waitid(P_ALL, 0, &news, WEXITED | WNOHANG | WNOWAIT) != 0)
      return errno == ECHILD;
    // Some process lives: wait for any to end.
    auto living = children_of(::getpid());
    if (living.empty())
      continue;
    auto life = box::watch_life(living.front());
    pollfd one{life.get(), POLLIN, 0};
    constexpr int patience = std::chrono::milliseconds{deadline}.count();
    if (life && ::poll(&one, 1, patience) != 1)
      return false;
  }
  return false;
}

size_t open_descriptors() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator{"/proc/self/fd"})
    ++count;
  return count;
}

} // namespace pier::net::trials
