#include "net/sandbox/namespaces.hpp"

#include "net/sandbox/refusal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

namespace pier::net::box {

namespace {

std::optional<long> read_number(const char* path) {
  fd file{::open(path, O_RDONLY | O_CLOEXEC)};
  std::array<char, 32> text{};
  auto size = file ? ::read(file.get(), text.data(), text.size()) : -1;
  long number = 0;
  if (
    size <= 0
    || std::from_chars(text.data(), text.data() + size, number).ec
      != std::errc{})
    return std::nullopt;
  return number;
}

user_namespace_limits read_limits() {
  return {
    read_number("/proc/sys/user/max_user_namespaces"),
    read_number("/proc/sys/kernel/unprivileged_userns_clone"),
    read_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
  };
}

/// 0 or an errno.
int write_file(const char* path, const std::string& text) {
  fd file{::open(path, O_WRONLY | O_CLOEXEC)};
  if (!file)
    return errno;
  auto size = ::write(file.get(), text.data(), text.size());
  if (size < 0)
    return errno;
  return static_cast<size_t>(size) == text.size() ? 0 : EIO;
}

/// One id of ours, as root, is all that an unprivileged process may map.
int own_user_namespace() {
  auto uid = ::geteuid();
  auto gid = ::getegid();
  if (::unshare(CLONE_NEWUSER) != 0)
    return errno;
  // Without this the map files might belong to the root of the host.
  ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  // Already denied where the namespace around us says so.
  write_file("/proc/self/setgroups", "deny");
  if (int number = write_file("/proc/self/uid_map", fmt::format("0 {} 1", uid)))
    return number;
  return write_file("/proc/self/gid_map", fmt::format("0 {} 1", gid));
}

} // namespace

error user_namespace_refusal(int number, const user_namespace_limits& limits) {
  auto forbidden = [](const char* name, long is, long mend) {
    return error{
      ec::permission_denied,
      fmt::format(
        "user namespaces are forbidden here, because {} is {}: run `sudo "
        "sysctl -w {}={}`, or run as root",
        name, is, name, mend)};
  };
  if (limits.unprivileged_userns_clone == 0)
    return forbidden("kernel.unprivileged_userns_clone", 0, 1);
  if (limits.max_user_namespaces == 0)
    return forbidden("user.max_user_namespaces", 0, 15000);
  if (number == ENOSPC || number == EUSERS)
    return {
      ec::exhausted,
      fmt::format(
        "no further user namespace can be made, because "
        "user.max_user_namespaces is {} or 32 are nested: run `sudo sysctl -w "
        "user.max_user_namespaces={}`, or stop some containers",
        limits.max_user_namespaces.value_or(0),
        limits.max_user_namespaces.value_or(0) + 15000)};
  if (
    (number == EPERM || number == EACCES)
    && limits.apparmor_restrict_unprivileged_userns.value_or(0) != 0)
    return forbidden(
      "kernel.apparmor_restrict_unprivileged_userns",
      *limits.apparmor_restrict_unprivileged_userns, 0);
  return refusal(
    number,
    "user namespace (a container around us, a seccomp or a security "
    "policy may forbid it; root needs none)");
}

result<void> make_namespaces(int user_namespace, network_mode network) {
  bool own = user_namespace >= 0 || ::geteuid() != 0;
  if (user_namespace >= 0 && ::setns(user_namespace, CLONE_NEWUSER) != 0)
    return refusal(errno, "entering the gateway's user namespace");
  if (own)
    if (int number = own_user_namespace())
      return user_namespace_refusal(number, read_limits());
  int kinds = CLONE_NEWPID;
  if (network != network_mode::host)
    kinds |= CLONE_NEWNET;
  if (::unshare(kinds) != 0) {
    int number = errno;
    // Where AppArmor restricts them, user namespaces can be made, but give
    // nothing.
    if (own && (number == EPERM || number == EACCES))
      return user_namespace_refusal(number, read_limits());
    return refusal(
      number,
      "PID and network namespaces of a container (see "
      "/proc/sys/user/max_pid_namespaces and max_net_namespaces)");
  }
  return {};
}

result<fd> network_namespace() {
  fd net{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)};
  if (!net)
    return refusal(errno, "/proc/self/ns/net");
  return net;
}

result<void> raise_loopback() {
  fd any{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  if (!any || ::ioctl(any.get(), SIOCSIFFLAGS, &request) != 0)
    return refusal(errno, "loopback interface of a container");
  return {};
}

} // namespace pier::net::box
