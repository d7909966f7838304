#include "net/spawn.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace pier::net {

namespace {

constexpr int first_descriptor = 3;

/// Numbers in a row that none of these has, nor will have: what is to be number
/// 4 may be number 3 now.
int out_of_the_way(const std::vector<int>& all) {
  auto count = static_cast<int>(all.size());
  auto from = first_descriptor + count;
  auto is_taken = [&](int each) { return from <= each && each < from + count; };
  while (std::any_of(all.begin(), all.end(), is_taken))
    ++from;
  return from;
}

class spawn_arguments {
public:
  spawn_arguments() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  spawn_arguments(const spawn_arguments&) = delete;
  spawn_arguments& operator=(const spawn_arguments&) = delete;
  ~spawn_arguments() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

void fill(spawn_arguments& out, const spawn_plan& how) {
  sigset_t all;
  sigset_t none;
  ::sigfillset(&all);
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigdefault(&out.attributes, &all);
  ::posix_spawnattr_setsigmask(&out.attributes, &none);
  ::posix_spawnattr_setflags(
    &out.attributes,
    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
      | static_cast<short>(POSIX_SPAWN_SETSID));
  auto* actions = &out.actions;
  auto count = static_cast<int>(how.descriptors.size());
  auto between = out_of_the_way(how.descriptors);
  for (int i = 0; i < count; ++i)
    ::posix_spawn_file_actions_adddup2(
      actions, how.descriptors[static_cast<size_t>(i)], between + i);
  for (int i = 0; i < count; ++i)
    ::posix_spawn_file_actions_adddup2(
      actions, between + i, first_descriptor + i);
  for (auto each : {STDIN_FILENO, STDOUT_FILENO})
    ::posix_spawn_file_actions_addopen(actions, each, "/dev/null", O_RDWR, 0);
  if (!how.complains || ::fcntl(STDERR_FILENO, F_GETFD) < 0)
    ::posix_spawn_file_actions_addopen(
      actions, STDERR_FILENO, "/dev/null", O_RDWR, 0);
  ::posix_spawn_file_actions_addclosefrom_np(actions, first_descriptor + count);
}

/// As exec(2) wants them.
std::vector<char*> pointers_to(std::vector<std::string>& all) {
  std::vector<char*> out;
  out.reserve(all.size() + 1);
  for (auto& each : all)
    out.push_back(each.data());
  out.push_back(nullptr);
  return out;
}

} // namespace

result<pid_t> spawn(const spawn_plan& how) {
  spawn_arguments filled;
  fill(filled, how);
  auto arguments = how.arguments;
  auto variables = how.environment;
  auto environment = pointers_to(variables);
  if (how.inherits)
    for (auto** each = environ; *each != nullptr; ++each)
      environment.insert(environment.end() - 1, *each);
  pid_t made = -1;
  auto number = ::posix_spawn(
    &made, how.program.c_str(), &filled.actions, &filled.attributes,
    pointers_to(arguments).data(), environment.data());
  if (number != 0)
    return error{
      from_errno(number),
      "cannot run " + how.program + ": " + std::strerror(number)};
  return made;
}

void end_process(pid_t which) {
  ::kill(which, SIGKILL);
  while (::waitpid(which, nullptr, 0) < 0 && errno == EINTR) {}
}

} // namespace pier::net
