#include "net/sandbox/command.hpp"

#include "net/sandbox/capabilities.hpp"
#include "net/sandbox/execution.hpp"
#include "net/sandbox/listen_notice.hpp"
#include "net/sandbox/refusal.hpp"
#include "net/sandbox/shim_channel.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>

namespace pier::net::box {

namespace {

/// A session of its own, so that signals of our side's terminal do not come
/// twice: they are passed on by message alone.
result<void> take_stdio(const first_process& with, bool terminal) {
  ::setsid();
  if (terminal) {
    if (::ioctl(with.in.get(), TIOCSCTTY, 0) != 0)
      return refusal(errno, "the container's terminal");
    static_cast<void>(!::fchown(with.in.get(), 0, gid_t(-1)));
  }
  const fd* three[] = {&with.in, &with.out, &with.err};
  for (int number = 0; number < 3; ++number)
    if (::dup2(three[number]->get(), number) < 0)
      return refusal(errno, "the container's standard streams");
  return {};
}

void become_ordinary() {
  sigset_t none;
  ::sigemptyset(&none);
  // By the system call, for posix_spawn leaves glibc's own two signals ignored
  // and signal(2) does not touch those. All zeros is SIG_DFL without flags.
  const std::array<unsigned long, 4> by_default{};
  for (int number = 1; number < _NSIG; ++number)
    ::syscall(SYS_rt_sigaction, number, &by_default, nullptr, _NSIG / 8);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // The control process may have raised it for itself; programs that use
  // select(2) or close all that they might have are made for this one.
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 1024);
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  // A user namespace of one id may not choose its groups.
  const gid_t root = 0;
  static_cast<void>(!::setgroups(1, &root));
}

std::string current_hostname() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

} // namespace

error run_command(const plan& what, const first_process& with) {
  if (auto done = take_stdio(with, what.terminal); !done)
    return done.error();
  become_ordinary();
  const auto& folder = what.workdir;
  if (!folder.empty() && ::chdir(folder.c_str()) != 0)
    return {
      ec::command_not_run,
      fmt::format("working directory {}: {}", folder, errno_text(errno))};
  // The filter asks for a capability that is about to go.
  auto notify = what.network == network_mode::bridge ? announce_listening()
                                                     : fd{};
  saying ready{word::ready, 0, ec::ok, {}};
  auto told = notify ? send(with.shim.get(), ready, {notify.get()})
                     : send(with.shim.get(), ready);
  if (!told)
    return told.error();
  if (auto done = drop_capabilities(); !done)
    return done.error();
  if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
    return refusal(errno, "descriptors of the container");
  return become(what.command, complete_environment(what, current_hostname()));
}

} // namespace pier::net::box
