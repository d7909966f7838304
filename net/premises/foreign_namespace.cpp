#include "net/premises/foreign_namespace.hpp"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace pier::net {

namespace {

bool is_number(const std::string& text) {
  auto digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

} // namespace

result<foreign_namespace> open_namespace(const std::string& where) {
  foreign_namespace out;
  out.path = where;
  if (is_number(where)) {
    int pid = 0;
    std::from_chars(where.data(), where.data() + where.size(), pid);
    out.path = "/proc/" + where + "/ns/net";
    out.process = fd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))};
    if (!out.process)
      return error{from_errno(errno), "--netns " + where + ": no such process"};
  }
  out.netns = fd{::open(out.path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!out.netns)
    return error{
      from_errno(errno),
      "--netns " + where + ": " + std::strerror(errno)
        + ": name a process or a file of /run/netns"};
  if (::ioctl(out.netns.get(), NS_GET_NSTYPE) != CLONE_NEWNET)
    return error{
      ec::bad_request,
      "--netns " + where
        + ": not a network namespace: name a process or a "
          "file of /run/netns"};
  return out;
}

} // namespace pier::net
