#include "net/sandbox/shim_process.hpp"

#include "net/sandbox/refusal.hpp"
#include "net/spawn.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace pier::net::box {

result<shim_process> start_shim(const std::string& keeper, int channel) {
  spawn_plan how{keeper, {"pier-keeper", "sandbox"}, {channel}};
  how.complains = true;
  // Whoever is root in a container might read the environment of its first
  // process, which is a fork of the shim: there is to be nothing in it.
#ifdef __SANITIZE_ADDRESS__
  // But that a leak check at its exit would need a thread, which a process
  // cannot make any more whose children live in a PID namespace that has ended.
  how.environment = {"ASAN_OPTIONS=detect_leaks=0"};
#endif
  auto made = spawn(how);
  if (!made)
    return error{
      made.error().code, "starting a container's shim: " + made.error().text};
  shim_process out;
  out.pid = *made;
  out.life = watch_life(out.pid);
  if (!out.life) {
    auto why = refusal(errno, "pidfd of a container's shim");
    ::kill(out.pid, SIGKILL);
    reap_shim(out.pid, -1, 0);
    return why;
  }
  return out;
}

fd watch_life(int pid) {
  return fd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
}

void reap_shim(int pid, int life, int patience) {
  std::array<pollfd, 1> end{{{life, POLLIN, 0}}};
  if (life < 0 || ::poll(end.data(), end.size(), patience) <= 0)
    ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
}

} // namespace pier::net::box
