#include "test/tools/fake_command.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pier {

result<int> start_command(
  const container_spec& spec, const supervisor::descriptors& stdio) {
  std::vector<char*> argv;
  for (const auto& word : spec.command)
    argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> env;
  for (const auto& line : spec.environment)
    env.push_back(const_cast<char*>(line.c_str()));
  env.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  const int given[] = {stdio.in, stdio.out, stdio.err};
  char tty[64] = "";
  if (spec.terminal)
    ::ttyname_r(stdio.in, tty, sizeof(tty));
  for (int i = 0; i < 3; ++i)
    if (spec.terminal)
      ::posix_spawn_file_actions_addopen(&actions, i, tty, O_RDWR, 0);
    else if (given[i] < 0)
      ::posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
    else
      ::posix_spawn_file_actions_adddup2(&actions, given[i], i);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (!spec.workdir.empty())
    ::posix_spawn_file_actions_addchdir_np(&actions, spec.workdir.c_str());
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t pid = 0;
  auto why = ::posix_spawnp(
    &pid, argv[0], &actions, &attributes, argv.data(), env.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (why == 0)
    return pid;
  return error{
    why == ENOENT ? ec::command_not_found : ec::command_not_run,
    "exec: \"" + spec.command[0] + "\": " + std::strerror(why)};
}

} // namespace pier
