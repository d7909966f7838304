#include "tools/control/replace_file.hpp"

#include "net/fd.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace pier::control {

namespace {

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    auto count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return false;
    text.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

/// A rename lasts when its folder does.
void sync_folder(const std::filesystem::path& path) {
  net::fd folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder)
    ::fsync(folder.get());
}

} // namespace

result<void>
replace_file(const std::string& path, std::string_view text, mode_t mode) {
  std::error_code missing;
  auto target = std::filesystem::canonical(path, missing);
  if (missing)
    target = path;
  struct stat facts {};
  if (!missing && ::stat(target.c_str(), &facts) == 0)
    mode = facts.st_mode & 07777;
  auto young = target.string() + ".new-" + std::to_string(::getpid());
  auto failed = [&] {
    auto number = errno;
    ::unlink(young.c_str());
    return error{
      from_errno(number),
      "cannot write " + path + ": " + std::strerror(number)};
  };
  ::unlink(young.c_str());
  net::fd file{::open(
    young.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (
    !file || !write_all(file.get(), text) || ::fchmod(file.get(), mode) != 0
    || ::fsync(file.get()) != 0 || ::rename(young.c_str(), target.c_str()) != 0)
    return failed();
  sync_folder(target.parent_path());
  return {};
}

} // namespace pier::control
