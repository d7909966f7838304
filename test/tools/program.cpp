#include "test/tools/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

extern char** environ;

namespace pier::test {

namespace {

constexpr int patience_ms = 10000;

std::vector<std::string>
environment(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> all;
  for (auto** each = environ; *each; ++each) {
    std::string line{*each};
    if (changes.count(line.substr(0, line.find('='))) == 0)
      all.push_back(line);
  }
  for (const auto& [name, value] : changes)
    all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> all;
  for (const auto& word : words)
    all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

std::array<net::fd, 2> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe");
  return {net::fd{ends[0]}, net::fd{ends[1]}};
}

} // namespace

program::program(
  const std::vector<std::string>& words,
  const std::map<std::string, std::string>& changes, bool terminal) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  std::array<net::fd, 2> in, out, err;
  if (terminal) {
    in_ = net::fd{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    ::grantpt(in_.get());
    ::unlockpt(in_.get());
    std::array<char, 100> name{};
    ::ptsname_r(in_.get(), name.data(), name.size());
    for (int number = 0; number < 3; ++number)
      ::posix_spawn_file_actions_addopen(
        &actions, number, name.data(), O_RDWR, 0);
    out_end_ = net::fd{::dup(in_.get())};
  } else {
    in = make_pipe();
    out = make_pipe();
    err = make_pipe();
    ::posix_spawn_file_actions_adddup2(&actions, in[0].get(), 0);
    ::posix_spawn_file_actions_adddup2(&actions, out[1].get(), 1);
    ::posix_spawn_file_actions_adddup2(&actions, err[1].get(), 2);
    in_ = std::move(in[1]);
    out_end_ = std::move(out[0]);
    err_end_ = std::move(err[0]);
  }
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  auto lines = environment(changes);
  auto why = ::posix_spawn(
    &pid_, words[0].c_str(), &actions, &attributes, pointers(words).data(),
    pointers(lines).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (why != 0)
    throw std::runtime_error("cannot start " + words[0]);
}

program::~program() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

/// False: both streams have ended, or the program has and left nothing to
/// read (a child of its own may hold them open), or nothing came in time.
bool program::read_some() {
  if (!out_end_ && !err_end_)
    return false;
  net::fd life{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
  pollfd on[] = {
    {out_end_.get(), POLLIN, 0},
    {err_end_.get(), POLLIN, 0},
    {life.get(), POLLIN, 0}};
  if (::poll(on, 3, patience_ms) <= 0)
    return false;
  auto take = [](net::fd& from, short events, std::string& to) {
    if (events == 0)
      return false;
    std::array<char, 4096> chunk;
    auto count = ::read(from.get(), chunk.data(), chunk.size());
    if (count > 0)
      to.append(chunk.data(), static_cast<size_t>(count));
    else
      from.reset();
    return true;
  };
  auto first = take(out_end_, on[0].revents, out_);
  auto second = take(err_end_, on[1].revents, err_);
  return first || second;
}

bool program::says(const std::string& text) {
  while (out_.find(text) == std::string::npos)
    if (!read_some())
      return false;
  return true;
}

void program::type(const std::string& text) {
  if (::write(in_.get(), text.data(), text.size()) < 0)
    throw std::runtime_error("nobody reads");
}

void program::close_input() {
  in_.reset();
}

void program::signal(int number) {
  ::kill(pid_, number);
}

int program::finish() {
  while (read_some()) {}
  if (!ends(pid_))
    return -1;
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool ends(pid_t pid) {
  net::fd watched{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  if (!watched)
    return errno == ESRCH;
  pollfd on{watched.get(), POLLIN, 0};
  return ::poll(&on, 1, patience_ms) == 1;
}

} // namespace pier::test
