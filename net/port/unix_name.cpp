#include "net/port/unix_name.hpp"

#include "net/fd.hpp"
#include "net/socket_address.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

namespace pier::net {

namespace {

constexpr auto young = ".new";

error refuse(const std::string& path, const std::string& why) {
  return {ec::address_in_use, "listen unix " + path + ": " + why};
}

error failed(const std::string& path, const char* what, int number) {
  return {
    from_errno(number),
    "listen unix " + path + ": " + what + ": " + std::strerror(number)};
}

/// Nothing: there is no such file.
std::optional<struct stat> look_at(const std::string& name) {
  struct stat what {};
  return ::lstat(name.c_str(), &what) == 0 ? std::optional{what} : std::nullopt;
}

bool is_answered(const std::string& name) {
  fd asks{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  auto at = to_kernel(name);
  // A full backlog, and datagrams being meant, are answers, too.
  return ::connect(asks.get(), at.data(), at.size) == 0 || errno == EAGAIN
    || errno == EPROTOTYPE;
}

/// Whether what stands at `name`, if anything, may make room for a socket.
result<void> check_free(const std::string& path, const std::string& name) {
  auto found = look_at(name);
  if (!found)
    return {};
  if (!S_ISSOCK(found->st_mode))
    return refuse(
      path, name + " is there and no socket: move it away, or choose another");
  if (is_answered(name))
    return refuse(path, "a process listens there already: choose another path");
  return {};
}

} // namespace

unix_name::unix_name(unix_name&& other) noexcept
  : path_(std::move(other.path_)),
    name_(std::exchange(other.name_, {})),
    device_(other.device_),
    inode_(other.inode_) {}

unix_name& unix_name::operator=(unix_name&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(name_, other.name_);
  std::swap(device_, other.device_);
  std::swap(inode_, other.inode_);
  return *this;
}

unix_name::~unix_name() {
  if (is_ours())
    ::unlink(name_.c_str());
}

bool unix_name::is_ours() const {
  auto found = look_at(name_);
  return found && found->st_dev == device_ && found->st_ino == inode_;
}

result<unix_name> unix_name::take(const std::string& path, int socket) {
  auto name = path + young;
  for (const auto& each : {path, name})
    if (auto free = check_free(path, each); !free)
      return free.error();
  // The mode of the socket before bind becomes that of its name.
  if (::fchmod(socket, 0600) != 0)
    return failed(path, "chmod", errno);
  ::unlink(name.c_str());
  unix_name made{path};
  auto at = to_kernel(name);
  if (::bind(socket, at.data(), at.size) != 0)
    return failed(path, "bind", errno);
  made.name_ = name;
  if (auto file = look_at(name)) {
    made.device_ = file->st_dev;
    made.inode_ = file->st_ino;
  }
  return made;
}

result<void> unix_name::appear() {
  if (name_ == path_)
    return {};
  if (auto free = check_free(path_, path_); !free)
    return free;
  if (!is_ours())
    return refuse(path_, name_ + " was taken away meanwhile: it is made anew");
  if (::rename(name_.c_str(), path_.c_str()) != 0)
    return failed(path_, "rename", errno);
  name_ = path_;
  return {};
}

} // namespace pier::net
