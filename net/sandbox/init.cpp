#include "net/sandbox/init.hpp"

#include "net/sandbox/capabilities.hpp"
#include "net/sandbox/command.hpp"
#include "net/sandbox/execution.hpp"
#include "net/sandbox/mounts.hpp"
#include "net/sandbox/own_files.hpp"
#include "net/sandbox/refusal.hpp"
#include "net/sandbox/shim_channel.hpp"

#include <linux/keyctl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace pier::net::box {

namespace {

/// What a shell says of a process killed by SIGKILL.
constexpr int killed = 128 + SIGKILL;

[[noreturn]] void give_up(const fd& shim, const error& why) {
  static_cast<void>(send(shim.get(), {word::failed, 0, why.code, why.text}));
  ::_exit(exec_status(why.code));
}

result<void> prepare(const plan& what, int terminal, int agent) {
  if (::unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC) != 0)
    return refusal(
      errno,
      "mount, UTS and IPC namespaces of a container (see "
      "/proc/sys/user/max_mnt_namespaces)");
  if (
    !what.hostname.empty()
    && ::sethostname(what.hostname.data(), what.hostname.size()) != 0)
    return refusal(errno, "host name " + what.hostname);
  // The keys of whoever started us are not the container's.
  ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);
  ::umask(0022);
  return make_mounts(what, terminal, agent);
}

/// Reaps whoever has died. Returns the command's status once it has.
int reap(pid_t command) {
  int status = 0;
  for (pid_t dead = 0; (dead = ::waitpid(-1, &status, WNOHANG)) > 0;)
    if (dead == command)
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return -1;
}

void rewrite_files(plan& what, const parcel& got) {
  auto was = what;
  if (!read_files(got, what))
    return;
  rewrite_file("/etc/hosts", was.hosts, what.hosts);
  rewrite_file("/etc/resolv.conf", was.resolv_conf, what.resolv_conf);
}

void hear(const fd& shim, pid_t command, plan& what) {
  parcel got;
  for (;;)
    switch (receive(shim.get(), got, false)) {
      case reception::nothing:
        return;
      case reception::closed:
        ::_exit(killed);
      case reception::parcel:
        if (got.said.what == word::signal)
          ::kill(command, got.said.number);
        else if (got.said.what == word::files)
          rewrite_files(what, got);
    }
}

[[noreturn]] void
watch(pid_t command, const fd& shim, const sigset_t& all, plan what) {
  fd signals{::signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK)};
  if (!signals)
    ::_exit(killed);
  for (;;) {
    std::array<pollfd, 2> both{{
      {signals.get(), POLLIN, 0},
      {shim.get(), POLLIN, 0},
    }};
    if (::poll(both.data(), both.size(), -1) < 0 && errno != EINTR)
      ::_exit(killed);
    signalfd_siginfo news{};
    while (::read(signals.get(), &news, sizeof(news)) > 0) {}
    if (int status = reap(command); status >= 0)
      ::_exit(status);
    hear(shim, command, what);
  }
}

} // namespace

void be_first(const plan& what, first_process with) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NAME, "pier-init");
  // The shim may have died before the line above; its pid cannot be asked for
  // from in here, its socket can.
  std::array<pollfd, 1> peer{{{with.shim.get(), 0, 0}}};
  if (::poll(peer.data(), peer.size(), 0) > 0)
    ::_exit(killed);
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  auto terminal = what.terminal ? with.in.get() : -1;
  if (auto done = prepare(what, terminal, with.agent.get()); !done)
    give_up(with.shim, done.error());
  with.agent.reset();
  auto command = ::fork();
  if (command < 0)
    give_up(with.shim, refusal(errno, "process for " + what.command[0]));
  if (command == 0)
    give_up(with.shim, run_command(what, with));
  // Nothing of ours may keep the command's pipes open, nor lead out of the
  // container: not dumpable means that nobody inside can look into us.
  with.in.reset();
  with.out.reset();
  with.err.reset();
  with.running.reset();
  ::dup2(STDIN_FILENO, STDERR_FILENO);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (!drop_capabilities())
    ::_exit(killed);
  watch(command, with.shim, all, what);
}

} // namespace pier::net::box
