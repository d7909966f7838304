#include "net/sandbox/execution.hpp"

#include "net/sandbox/refusal.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pier::net::box {

namespace {

constexpr std::string_view default_path = "/usr/local/sbin:/usr/local/bin:/usr/"
                                          "sbin:/usr/bin:/sbin:/bin";

std::string_view name_of(std::string_view entry) {
  return entry.substr(0, entry.find('='));
}

const std::string*
find_name(const std::vector<std::string>& in, std::string_view name) {
  auto found = std::find_if(in.begin(), in.end(), [name](const auto& entry) {
    return name_of(entry) == name;
  });
  return found == in.end() ? nullptr : &*found;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (auto& text : strings)
    out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

enum class found : uint8_t { nothing, file, folder };

found look(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0)
    return found::nothing;
  return S_ISDIR(about.st_mode) ? found::folder : found::file;
}

} // namespace

std::vector<std::string>
complete_environment(const plan& what, std::string_view hostname) {
  std::vector<std::string> out;
  for (const auto& entry : what.environment) {
    auto earlier = std::find_if(
      out.begin(), out.end(),
      [&entry](const auto& other) { return name_of(other) == name_of(entry); });
    if (earlier == out.end())
      out.push_back(entry);
    else
      *earlier = entry;
  }
  auto complete = [&out](std::string_view name, std::string_view value) {
    if (find_name(out, name) == nullptr)
      out.push_back(fmt::format("{}={}", name, value));
  };
  complete("PATH", default_path);
  complete("HOSTNAME", hostname);
  complete("HOME", "/root");
  complete("container", "pier");
  if (what.terminal)
    complete("TERM", "xterm");
  return out;
}

error exec_refusal(std::string_view command, int number, bool there) {
  bool searched = command.find('/') == std::string_view::npos;
  auto say = [command](ec code, std::string_view why) {
    return error{code, fmt::format("exec: \"{}\": {}", command, why)};
  };
  if (number == ENOENT && there)
    return say(
      ec::command_not_run,
      "no such file or directory: the interpreter that its first line names, "
      "or its loader, is missing in the container");
  if (number == ENOENT && searched)
    return say(ec::command_not_found, "executable file not found in $PATH");
  if (number == ENOENT)
    return say(
      ec::command_not_found,
      fmt::format("stat {}: no such file or directory", command));
  return say(ec::command_not_run, errno_text(number));
}

int exec_status(ec code) noexcept {
  return code == ec::command_not_found ? 127 : 126;
}

error become(
  const std::vector<std::string>& command,
  const std::vector<std::string>& environment) {
  auto arguments = command;
  auto entries = environment;
  auto argv = pointers_to(arguments);
  auto envp = pointers_to(entries);
  const auto& name = command.at(0);
  if (name.find('/') != std::string::npos) {
    ::execve(name.c_str(), argv.data(), envp.data());
    int number = errno;
    auto kind = look(name);
    return exec_refusal(
      name, kind == found::folder ? EISDIR : number, kind != found::nothing);
  }
  const auto* entry = find_name(environment, "PATH");
  std::string path = entry ? entry->substr(5) : std::string{default_path};
  // As execvp(3) does: what may not be run is remembered, and the search goes
  // on; any other trouble with a file that is there ends it.
  int remembered = 0;
  for (size_t from = 0; from <= path.size();) {
    auto end = std::min(path.find(':', from), path.size());
    auto folder = path.substr(from, end - from);
    from = end + 1;
    auto candidate = (folder.empty() ? "." : folder) + "/" + name;
    ::execve(candidate.c_str(), argv.data(), envp.data());
    int number = errno;
    if (look(candidate) != found::file)
      continue;
    if (number != EACCES)
      return exec_refusal(name, number, true);
    remembered = number;
  }
  return remembered != 0 ? exec_refusal(name, remembered, true)
                         : exec_refusal(name, ENOENT, false);
}

} // namespace pier::net::box
