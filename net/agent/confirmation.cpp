#include "net/agent/confirmation.hpp"

#include "net/spawn.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <utility>

namespace pier::net {

namespace {

namespace asio = boost::asio;

constexpr std::chrono::minutes patience{1};

result<pid_t>
start(const std::string& command, std::vector<std::string> variables) {
  spawn_plan how{"/bin/sh", {"sh", "-c", command}, {}};
  how.environment = std::move(variables);
  how.inherits = true;
  return spawn(how);
}

/// Role: one command that runs. Lifetime: kept by what it waits for; the end of
/// the loop kills it.
class asking : public std::enable_shared_from_this<asking> {
public:
  asking(asio::io_context& io, pid_t pid, std::function<void(bool)> said)
    : pid_(pid),
      life_(io, static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
      deadline_(io, patience),
      said_(std::move(said)) {}

  asking(const asking&) = delete;
  asking& operator=(const asking&) = delete;

  ~asking() {
    if (pid_ > 0)
      reap(true);
  }

  void begin() {
    life_.async_wait(
      asio::posix::stream_descriptor::wait_read,
      [me = shared_from_this()](const auto& why) {
        if (!why && me->pid_ > 0)
          me->end(me->reap(false));
      });
    deadline_.async_wait([me = shared_from_this()](const auto& stopped) {
      if (!stopped && me->pid_ > 0)
        me->end(me->reap(true));
    });
  }

private:
  /// Whether it has succeeded. What it has started is killed with it: it leads
  /// a session of its own.
  bool reap(bool kill) {
    if (kill)
      ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
    pid_ = -1;
    return !kill && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  void end(bool yes) {
    boost::system::error_code ignored;
    static_cast<void>(life_.close(ignored));
    deadline_.cancel();
    if (auto said = std::exchange(said_, nullptr))
      said(yes);
  }

  pid_t pid_;
  asio::posix::stream_descriptor life_;
  asio::steady_timer deadline_;
  std::function<void(bool)> said_;
};

} // namespace

void confirm(
  asio::io_context& io, const std::string& command,
  std::vector<std::string> variables, std::function<void(bool)> said) {
  auto pid = start(command, std::move(variables));
  if (!pid)
    return asio::post(io, [said = std::move(said)] { said(false); });
  std::make_shared<asking>(io, *pid, std::move(said))->begin();
}

} // namespace pier::net
