#include "tools/control/runtime_dir.hpp"

#include "net/fd.hpp"
#include "tools/control/environment.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace pier::control {

namespace {

error no_good(const std::string& path, const std::string& why) {
  return {
    ec::permission_denied,
    "runtime directory " + path + " " + why
      + "; remove it or choose another with --runtime-dir"};
}

/// The N of run-N.sock; 0: it is no such name.
pid_t embedded_pid(std::string_view name) {
  constexpr std::string_view front = "run-";
  constexpr std::string_view back = ".sock";
  pid_t pid = 0;
  if (!name.starts_with(front) || !name.ends_with(back))
    return 0;
  const auto* first = name.data() + front.size();
  const auto* last = name.data() + name.size() - back.size();
  auto [end, bad] = std::from_chars(first, last, pid);
  return bad == std::errc{} && end == last ? pid : 0;
}

} // namespace

surroundings look_around(std::string asked) {
  surroundings at;
  at.asked = asked.empty() ? variable("PIER_RUNTIME_DIR") : std::move(asked);
  at.xdg = variable("XDG_RUNTIME_DIR");
  at.user = ::geteuid();
  struct stat facts {};
  at.xdg_is_ours = !at.xdg.empty() && ::stat(at.xdg.c_str(), &facts) == 0
    && S_ISDIR(facts.st_mode) && facts.st_uid == at.user;
  return at;
}

std::string choose_runtime_dir(const surroundings& at) {
  if (!at.asked.empty())
    return at.asked;
  // An XDG_RUNTIME_DIR that is not absolute is none (XDG base directories).
  if (at.xdg_is_ours && at.xdg.front() == '/')
    return at.xdg + "/pier";
  return at.user == 0 ? "/run/pier" : "/tmp/pier-" + std::to_string(at.user);
}

result<void> prepare_runtime_dir(const std::string& path, uid_t user) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return error{
      from_errno(errno),
      "cannot make the runtime directory " + path + ": " + std::strerror(errno)
        + "; choose another with --runtime-dir"};
  net::fd dir{
    ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  if (!dir && (errno == ELOOP || errno == ENOTDIR))
    return no_good(path, "is a symbolic link or no directory");
  struct stat facts {};
  if (!dir || ::fstat(dir.get(), &facts) != 0)
    return no_good(path, std::string{"cannot be opened: "} + strerror(errno));
  if (facts.st_uid != user)
    return no_good(
      path,
      "belongs to user " + std::to_string(facts.st_uid) + ", not "
        + std::to_string(user));
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return no_good(path, "can be written to by others");
  return check_socket_path(embedded_socket(path, 4194304));
}

result<void> check_socket_path(const std::string& path) {
  if (path.size() < sizeof(sockaddr_un::sun_path))
    return {};
  return error{
    ec::bad_request,
    "the runtime directory's path is too long for a socket in it (" + path
      + "); choose a shorter one with --runtime-dir"};
}

std::string daemon_socket(const std::string& dir) {
  return dir + "/pierd.sock";
}

std::string console_socket(const std::string& dir) {
  return dir + "/console.sock";
}

std::string embedded_socket(const std::string& dir, pid_t pid) {
  return dir + "/run-" + std::to_string(pid) + ".sock";
}

std::vector<std::string> list_sockets(const std::string& dir) {
  std::vector<pid_t> pids;
  auto daemon = false;
  std::error_code why;
  std::filesystem::directory_iterator each{dir, why};
  for (; !why && each != std::filesystem::directory_iterator{};
       each.increment(why)) {
    auto name = each->path().filename().string();
    daemon = daemon || name == "pierd.sock";
    if (auto pid = embedded_pid(name); pid > 0)
      pids.push_back(pid);
  }
  // An observer may pass through the folder, and not look into it.
  daemon = daemon || why == std::errc::permission_denied;
  std::sort(pids.begin(), pids.end());
  std::vector<std::string> found;
  if (daemon)
    found.push_back(daemon_socket(dir));
  for (auto pid : pids)
    found.push_back(embedded_socket(dir, pid));
  return found;
}

} // namespace pier::control
