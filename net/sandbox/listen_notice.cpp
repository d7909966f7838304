#include "net/sandbox/listen_notice.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <iterator>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

namespace pier::net::box {

fd announce_listening() {
  constexpr auto load = uint16_t{BPF_LD | BPF_W | BPF_ABS};
  constexpr auto equal = uint16_t{BPF_JMP | BPF_JEQ | BPF_K};
  constexpr auto answer = uint16_t{BPF_RET | BPF_K};
  // libseccomp 2.5 knows no WAIT_KILLABLE_RECV, so the six instructions are
  // written out. Jumps count from the next instruction.
  sock_filter code[] = {
    {load, 0, 0, offsetof(seccomp_data, arch)},
    {equal, 0, 3, ::seccomp_arch_native()},
    {load, 0, 0, offsetof(seccomp_data, nr)},
    {equal, 2, 0, __NR_listen},
    {equal, 1, 0, __NR_bind},
    {answer, 0, 0, SECCOMP_RET_ALLOW},
    {answer, 0, 0, SECCOMP_RET_USER_NOTIF},
  };
  sock_fprog program{static_cast<unsigned short>(std::size(code)), code};
  auto install = [&program](unsigned long flags) {
    return static_cast<int>(
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
  };
  // With the first flag a signal does not interrupt a call that is already
  // being answered (Linux 5.19).
  int listener = install(
    SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  if (listener < 0 && errno == EINVAL)
    listener = install(SECCOMP_FILTER_FLAG_NEW_LISTENER);
  return fd{listener};
}

} // namespace pier::net::box
