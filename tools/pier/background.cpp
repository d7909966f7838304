#include "tools/pier/background.hpp"

#include "tools/control/lock.hpp"
#include "tools/control/runtime_dir.hpp"
#include "tools/control/settings_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

extern char** environ;

namespace pier::cli {

namespace {

constexpr int start_patience_ms = 20000;

error cannot(const std::string& what) {
  auto number = errno;
  return {
    from_errno(number),
    "cannot start pierd: " + what + ": " + std::strerror(number)};
}

std::string program() {
  std::error_code why;
  auto self = std::filesystem::read_symlink("/proc/self/exe", why);
  return (self.parent_path() / "pierd").string();
}

/// pierd says one line on stdout when it is ready, and ends without one when
/// it cannot be.
bool said_ready(int out) {
  std::string text;
  while (text.find('\n') == std::string::npos) {
    pollfd on{out, POLLIN, 0};
    char chunk[512];
    auto ready = ::poll(&on, 1, start_patience_ms);
    if (ready < 0 && errno == EINTR)
      continue;
    auto count = ready > 0 ? ::read(out, chunk, sizeof(chunk)) : 0;
    if (count <= 0)
      return false;
    text.append(chunk, static_cast<size_t>(count));
  }
  return true;
}

/// The last line that pierd wrote since `from`.
std::string last_line(const std::string& log, std::streamoff from) {
  std::ifstream in{log};
  in.seekg(from);
  std::string line, last;
  while (std::getline(in, line))
    if (!line.empty())
      last = line;
  return last.empty() ? "it said nothing" : last;
}

result<void> spawn(const std::string& dir, int out, int log) {
  auto path = program();
  const char* words[] = {
    path.c_str(), "--until-idle", "--runtime-dir", dir.c_str(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(
    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  ::posix_spawn_file_actions_addchdir_np(&actions, "/");
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  // Whatever our caller ignores or blocks, pierd must hear.
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(
    &attributes,
    POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = 0;
  errno = ::posix_spawn(
    &pid, path.c_str(), &actions, &attributes, const_cast<char**>(words),
    environ);
  auto number = errno;
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  errno = number;
  if (number != 0)
    return cannot(path);
  return {};
}

result<peer> connect(boost::asio::io_context& io, const std::string& dir) {
  auto path = control::daemon_socket(dir);
  auto line = control::client::connect(io, path);
  if (!line)
    return line.error();
  return peer{path, std::move(*line), true};
}

} // namespace

result<peer>
find_or_start_daemon(boost::asio::io_context& io, const std::string& dir) {
  auto turn = control::lock::take(
    dir + "/start.lock", std::chrono::seconds{30});
  if (!turn)
    return turn.error();
  if (auto there = connect(io, dir))
    return there;
  // It would refuse them too, but only in its log.
  if (auto with = control::present_settings(); !with)
    return with.error();
  auto log_path = dir + "/pierd.log";
  net::fd log{::open(
    log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
    0600)};
  if (!log)
    return cannot(log_path);
  auto before = ::lseek(log.get(), 0, SEEK_END);
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return cannot("a pipe");
  net::fd ours{ends[0]};
  net::fd theirs{ends[1]};
  if (auto begun = spawn(dir, theirs.get(), log.get()); !begun)
    return begun.error();
  theirs.reset();
  if (!said_ready(ours.get()))
    return error{
      ec::failed,
      "pierd did not start: " + last_line(log_path, before) + " (its log is "
        + log_path + ")"};
  return connect(io, dir);
}

} // namespace pier::cli
