#include "net/sandbox/own_files.hpp"

#include "net/fd.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pier::net::box {

namespace {

/// Longer ones are nobody's hosts file.
constexpr off_t most_bytes = 1 << 20;

/// Empty: it is no file of that kind any more. A container's own processes
/// choose what lies there: it is not followed, and not waited for.
fd open_file(const char* path, size_t& size) {
  fd file{::open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  struct stat about {};
  if (
    !file || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)
    || about.st_size > most_bytes)
    return {};
  size = static_cast<size_t>(about.st_size);
  return file;
}

} // namespace

std::optional<std::string>
revise(const std::string& text, const std::string& was, const std::string& is) {
  auto at = text.find(was);
  if (was.empty() || at == std::string::npos)
    return std::nullopt;
  auto out = text;
  return out.replace(at, was.size(), is);
}

void rewrite_file(
  const char* path, const std::string& was, const std::string& is) {
  size_t size = 0;
  auto file = open_file(path, size);
  if (!file || was.empty() || was == is)
    return;
  std::string text(size, '\0');
  auto got = ::pread(file.get(), text.data(), size, 0);
  if (got != static_cast<ssize_t>(size))
    return;
  auto next = revise(text, was, is);
  if (!next)
    return;
  auto put = ::pwrite(file.get(), next->data(), next->size(), 0);
  if (put == static_cast<ssize_t>(next->size()))
    if (::ftruncate(file.get(), put) != 0)
      return;
}

} // namespace pier::net::box
