#include "tools/control/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

namespace pier::control {

namespace {

/// For its life SIGALRM interrupts a system call once, after `wait`.
class alarm_clock {
public:
  explicit alarm_clock(std::chrono::seconds wait) {
    struct sigaction act {};
    act.sa_handler = [](int) {};
    ::sigaction(SIGALRM, &act, &before_);
    ::alarm(static_cast<unsigned>(wait.count()));
  }
  ~alarm_clock() {
    ::alarm(0);
    ::sigaction(SIGALRM, &before_, nullptr);
  }

  alarm_clock(const alarm_clock&) = delete;
  alarm_clock& operator=(const alarm_clock&) = delete;

private:
  struct sigaction before_ {};
};

/// From the death of a holder to the end of all that it leaves.
constexpr std::chrono::seconds aftermath{3};

bool is_dead(pid_t who) {
  return who > 0 && ::kill(who, 0) != 0 && errno == ESRCH;
}

} // namespace

result<lock> lock::take(const std::string& path, std::chrono::seconds wait) {
  net::fd file{
    ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file)
    return error{
      from_errno(errno), "cannot open " + path + ": " + std::strerror(errno)};
  auto held = ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
  auto taken = !held && errno == EWOULDBLOCK;
  auto patience = taken && is_dead(lock_holder(path))
    ? std::max(wait, aftermath)
    : wait;
  if (taken && patience.count() > 0) {
    alarm_clock until{patience};
    held = ::flock(file.get(), LOCK_EX) == 0;
  }
  if (!held)
    return error{
      ec::name_in_use,
      path + " is held by process " + std::to_string(lock_holder(path))};
  auto pid = std::to_string(::getpid()) + "\n";
  if (
    ::ftruncate(file.get(), 0) != 0
    || ::pwrite(file.get(), pid.data(), pid.size(), 0) < 0)
    return error{
      from_errno(errno), "cannot write " + path + ": " + std::strerror(errno)};
  return lock{std::move(file)};
}

pid_t lock_holder(const std::string& path) {
  std::ifstream in{path};
  pid_t pid = 0;
  in >> pid;
  return in ? pid : 0;
}

} // namespace pier::control
