#include "net/gateway/iptables.hpp"

#include "net/fd.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

/// Runs a program, bounded by its own brevity; its standard error on failure.
std::optional<std::string> run_program(std::vector<std::string> line) {
  std::array<int, 2> pipe_ends{};
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0)
    return std::strerror(errno);
  fd reader{pipe_ends[0]};
  fd writer{pipe_ends[1]};
  std::vector<char*> arguments;
  for (auto& each : line)
    arguments.push_back(each.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), STDERR_FILENO);
  std::string path{"PATH=/usr/sbin:/sbin:/usr/bin:/bin"};
  std::array<char*, 2> environment{path.data(), nullptr};
  pid_t child = 0;
  auto status = ::posix_spawn(
    &child, line[0].c_str(), &actions, nullptr, arguments.data(),
    environment.data());
  posix_spawn_file_actions_destroy(&actions);
  writer.reset();
  if (status != 0)
    return line[0] + ": " + std::strerror(status);
  std::string said;
  std::array<char, 512> buffer{};
  for (;;) {
    auto got = ::read(reader.get(), buffer.data(), buffer.size());
    if (got <= 0)
      break;
    if (said.size() < 2048)
      said.append(buffer.data(), static_cast<size_t>(got));
  }
  int how = 0;
  while (::waitpid(child, &how, 0) < 0 && errno == EINTR) {}
  if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
    return std::nullopt;
  return said.empty() ? line[0] + " failed" : said;
}

std::optional<std::string> find_iptables(family kind) {
  auto name = std::string{kind == family::v6 ? "ip6" : "ip"} + "tables";
  for (const auto& each : {name + "-nft", name})
    for (const auto* folder : {"/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/"})
      if (::access((folder + each).c_str(), X_OK) == 0)
        return folder + each;
  return std::nullopt;
}

} // namespace

bool has_iptables(family kind) {
  return find_iptables(kind).has_value();
}

std::optional<std::string>
run_iptables(family kind, std::vector<std::string> line) {
  auto tool = find_iptables(kind);
  if (!tool)
    return "there is no iptables";
  line.insert(line.begin(), *tool);
  return run_program(std::move(line));
}

} // namespace pier::net
