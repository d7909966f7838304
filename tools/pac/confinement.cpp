#include "tools/pac/confinement.hpp"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <initializer_list>

namespace pier::pac {

namespace {

constexpr rlim_t most_memory = rlim_t{256} << 20;

bool limit(int what, rlim_t to) {
  rlimit both{to, to};
  return ::setrlimit(static_cast<__rlimit_resource>(what), &both) == 0;
}

bool filter() {
  auto* rules = ::seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (rules == nullptr)
    return false;
  auto good = true;
  for (auto each :
       {SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(brk), SCMP_SYS(munmap),
        SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
        SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
        SCMP_SYS(alarm), SCMP_SYS(setitimer), SCMP_SYS(rt_sigreturn),
        SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(restart_syscall)})
    good = ::seccomp_rule_add(rules, SCMP_ACT_ALLOW, each, 0) == 0 && good;
  // No code but what is there.
  for (auto each : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    good = ::seccomp_rule_add(
             rules, SCMP_ACT_ALLOW, each, 1,
             SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0))
        == 0
      && good;
  good = good && ::seccomp_load(rules) == 0;
  ::seccomp_release(rules);
  return good;
}

} // namespace

bool confine() {
  // Whoever has started it may be killed while a script runs for ever.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return false;
  // Later there are no files that it could read the time zone from.
  ::tzset();
  return limit(RLIMIT_AS, most_memory) && limit(RLIMIT_CORE, 0)
    && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 0)
    && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && filter();
}

void allow_seconds(unsigned count) {
  ::alarm(count);
}

} // namespace pier::pac
