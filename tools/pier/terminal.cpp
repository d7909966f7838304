#include "tools/pier/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace pier::cli {

namespace {

constexpr size_t buffer_limit = 65536;
constexpr int silence_ms = 250;

net::fd own_description(int number) {
  if (number < 0)
    return {};
  auto path = "/proc/self/fd/" + std::to_string(number);
  auto mode = ::fcntl(number, F_GETFL) & (O_ACCMODE | O_APPEND);
  net::fd own{::open(path.c_str(), mode | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)};
  return own ? std::move(own) : net::fd{::fcntl(number, F_DUPFD_CLOEXEC, 3)};
}

/// Answers the flags as they were.
int make_non_blocking(int number) {
  auto before = number < 0 ? -1 : ::fcntl(number, F_GETFL);
  if (before >= 0)
    ::fcntl(number, F_SETFL, before | O_NONBLOCK);
  return before;
}

/// Role: bytes on their way in one direction.
struct stream {
  std::string bytes;
  bool ended = false; // nothing more will come

  bool wants_more() const {
    return !ended && bytes.size() < buffer_limit;
  }

  void fill(int from) {
    char chunk[16384];
    auto count = ::read(from, chunk, sizeof(chunk));
    if (count > 0)
      bytes.append(chunk, static_cast<size_t>(count));
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
      ended = true;
  }

  /// False: nobody takes it any more.
  bool spill(int to) {
    auto count = ::write(to, bytes.data(), bytes.size());
    if (count >= 0)
      bytes.erase(0, static_cast<size_t>(count));
    return count >= 0 || errno == EAGAIN || errno == EINTR;
  }
};

short if_set(bool wanted, int flag) {
  return static_cast<short>(wanted ? flag : 0);
}

} // namespace

result<pty> pty::make() {
  pty made;
  made.master = net::fd{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  char name[128] = "";
  if (
    made.master && ::grantpt(made.master.get()) == 0
    && ::unlockpt(made.master.get()) == 0
    && ::ptsname_r(made.master.get(), name, sizeof(name)) == 0)
    made.slave = net::fd{::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)};
  if (!made.slave)
    return error{
      from_errno(errno),
      std::string{"cannot make a terminal: "} + std::strerror(errno)};
  return made;
}

void copy_size(int from, int to) noexcept {
  winsize size{};
  if (::ioctl(from, TIOCGWINSZ, &size) == 0)
    ::ioctl(to, TIOCSWINSZ, &size);
}

raw_mode::raw_mode(int terminal) : terminal_(terminal) {
  termios now{};
  if (::tcgetattr(terminal, &now) != 0)
    return;
  before_ = now;
  ::cfmakeraw(&now);
  ::tcsetattr(terminal, TCSADRAIN, &now);
}

raw_mode::~raw_mode() {
  if (before_)
    ::tcsetattr(terminal_, TCSADRAIN, &*before_);
}

pump::pump(int master, int in, int out)
  : master_(master),
    in_(own_description(in)),
    out_(own_description(out)),
    end_(::eventfd(0, EFD_CLOEXEC)) {
  make_non_blocking(master_);
  in_flags_ = make_non_blocking(in_.get());
  out_flags_ = make_non_blocking(out_.get());
  thread_ = std::thread{[this] { carry(); }};
}

pump::~pump() {
  ::eventfd_write(end_.get(), 1);
  thread_.join();
  if (in_flags_ >= 0)
    ::fcntl(in_.get(), F_SETFL, in_flags_);
  if (out_flags_ >= 0)
    ::fcntl(out_.get(), F_SETFL, out_flags_);
}

void pump::carry() {
  stream typed{{}, !in_};
  stream shown;
  auto ending = false;
  while (!shown.ended || !shown.bytes.empty()) {
    pollfd on[] = {
      {master_,
       static_cast<short>(
         if_set(shown.wants_more(), POLLIN)
         | if_set(!typed.bytes.empty(), POLLOUT)),
       0},
      {typed.wants_more() ? in_.get() : -1, POLLIN, 0},
      {shown.bytes.empty() ? -1 : out_.get(), POLLOUT, 0},
      {ending ? -1 : end_.get(), POLLIN, 0},
    };
    // A master without a slave is always ready: not asked once that is known.
    if (shown.ended || on[0].events == 0)
      on[0].fd = -1;
    auto ready = ::poll(on, 4, ending ? silence_ms : -1);
    if (ready == 0 || (ready < 0 && errno != EINTR))
      return;
    if (ready < 0)
      continue;
    ending = ending || on[3].revents != 0;
    if (
      (on[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && shown.wants_more())
      shown.fill(master_);
    if ((on[0].revents & POLLOUT) != 0)
      typed.spill(master_);
    if (on[1].revents != 0)
      typed.fill(in_.get());
    if (on[2].revents != 0 && !shown.spill(out_.get()))
      return;
  }
}

} // namespace pier::cli
