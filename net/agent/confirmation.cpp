#include "net/agent/confirmation.hpp"

#include "net/fd.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <utility>

namespace pier::net {

namespace {

namespace asio = boost::asio;

constexpr std::chrono::minutes patience{1};

/// -1: it cannot be run.
pid_t start(
  std::string command, std::vector<std::string> variables,
  posix_spawn_file_actions_t& actions, posix_spawnattr_t& attributes) {
  std::string shell = "sh";
  std::string option = "-c";
  std::array<char*, 4> argv{
    shell.data(), option.data(), command.data(), nullptr};
  std::vector<char*> environment;
  environment.reserve(variables.size());
  for (auto& each : variables)
    environment.push_back(each.data());
  for (auto** each = environ; *each != nullptr; ++each)
    environment.push_back(*each);
  environment.push_back(nullptr);
  sigset_t all;
  sigset_t none;
  ::sigfillset(&all);
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(
    &attributes,
    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
      | static_cast<short>(POSIX_SPAWN_SETSID));
  for (auto each : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::posix_spawn_file_actions_addopen(&actions, each, "/dev/null", O_RDWR, 0);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  pid_t made = -1;
  auto failed = ::posix_spawn(
    &made, "/bin/sh", &actions, &attributes, argv.data(), environment.data());
  return failed == 0 ? made : -1;
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
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  auto pid = start(command, std::move(variables), actions, attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (pid < 0)
    return asio::post(io, [said = std::move(said)] { said(false); });
  std::make_shared<asking>(io, pid, std::move(said))->begin();
}

} // namespace pier::net
