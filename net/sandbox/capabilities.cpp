#include "net/sandbox/capabilities.hpp"

#include "net/sandbox/refusal.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace pier::net::box {

uint64_t kept_capabilities() noexcept {
  uint64_t mask = 0;
  for (auto number :
       {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FSETID, CAP_FOWNER, CAP_NET_RAW,
        CAP_SETGID, CAP_SETUID, CAP_SETFCAP, CAP_SETPCAP, CAP_NET_BIND_SERVICE,
        CAP_SYS_CHROOT, CAP_KILL, CAP_AUDIT_WRITE})
    mask |= uint64_t{1} << number;
  return mask;
}

result<void> drop_capabilities() {
  auto kept = kept_capabilities();
  // A kernel newer than our headers has numbers that we cannot name; it says
  // EINVAL after its last.
  for (unsigned number = 0; number < 64; ++number) {
    if ((kept >> number & 1) != 0)
      continue;
    if (::prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0) {
      if (errno == EINVAL)
        break;
      return refusal(errno, "dropping capabilities");
    }
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  if (::syscall(SYS_capget, &header, sets) != 0)
    return refusal(errno, "reading capabilities");
  for (unsigned half = 0; half < 2; ++half) {
    auto mask = static_cast<uint32_t>(kept >> (32 * half));
    sets[half].permitted &= mask;
    sets[half].effective = sets[half].permitted;
    sets[half].inheritable = 0;
  }
  if (::syscall(SYS_capset, &header, sets) != 0)
    return refusal(errno, "dropping capabilities");
  return {};
}

} // namespace pier::net::box
