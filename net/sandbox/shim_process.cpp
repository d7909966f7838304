#include "net/sandbox/shim_process.hpp"

#include "net/sandbox/refusal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace pier::net::box {

namespace {

/// posix_spawn's two arguments, destroyed with it.
class spawn_plan {
public:
  spawn_plan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
  }
  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;
  ~spawn_plan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  /// 0 or an errno.
  int fill(int channel) {
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    int number = ::posix_spawnattr_setsigdefault(&attributes_, &all);
    number |= ::posix_spawnattr_setsigmask(&attributes_, &none);
    number |= ::posix_spawnattr_setflags(
      &attributes_,
      POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        | static_cast<short>(POSIX_SPAWN_SETSID));
    // First the channel, which may have any number, even 3 itself.
    number |= ::posix_spawn_file_actions_adddup2(&actions_, channel, 3);
    number |= open_null(STDIN_FILENO, O_RDONLY);
    number |= open_null(STDOUT_FILENO, O_WRONLY);
    if (::fcntl(STDERR_FILENO, F_GETFD) < 0)
      number |= open_null(STDERR_FILENO, O_WRONLY);
    number |= ::posix_spawn_file_actions_addclosefrom_np(&actions_, 4);
    return number;
  }

  const posix_spawn_file_actions_t* actions() const {
    return &actions_;
  }
  const posix_spawnattr_t* attributes() const {
    return &attributes_;
  }

private:
  int open_null(int number, int how) {
    return ::posix_spawn_file_actions_addopen(
      &actions_, number, "/dev/null", how, 0);
  }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

} // namespace

result<shim_process> start_shim(const std::string& keeper, int channel) {
  spawn_plan how;
  if (how.fill(channel) != 0)
    return refusal(ENOMEM, "starting " + keeper);
  std::string name = "pier-keeper";
  std::string verb = "sandbox";
  std::array<char*, 3> argv{name.data(), verb.data(), nullptr};
  // Whoever is root in a container might read the environment of its first
  // process, which is a fork of the shim: there is to be nothing in it.
#ifdef __SANITIZE_ADDRESS__
  // But that a leak check at its exit would need a thread, which a process
  // cannot make any more whose children live in a PID namespace that has ended.
  std::string options = "ASAN_OPTIONS=detect_leaks=0";
  std::array<char*, 2> envp{options.data(), nullptr};
#else
  std::array<char*, 1> envp{nullptr};
#endif
  shim_process out;
  int number = ::posix_spawn(
    &out.pid, keeper.c_str(), how.actions(), how.attributes(), argv.data(),
    envp.data());
  if (number != 0)
    return refusal(number, "starting a container's shim, " + keeper);
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
