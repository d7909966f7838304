#include "tools/control/settings_file.hpp"

#include "config/document.hpp"
#include "config/load.hpp"
#include "net/fd.hpp"
#include "tools/control/environment.hpp"
#include "tools/control/surrounding_settings.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace pier::control {

namespace {

error cannot(const std::string& path, const std::string& why) {
  return {ec::bad_request, "cannot read the settings " + path + ": " + why};
}

error cannot(const std::string& path) {
  auto number = errno;
  return {from_errno(number), cannot(path, std::strerror(number)).text};
}

} // namespace

settings_place look_for_settings(std::string asked) {
  return {
    std::move(asked), ::getenv("PIER_SETTINGS"), variable("XDG_CONFIG_HOME"),
    variable("HOME")};
}

std::string choose_settings_file(const settings_place& at) {
  constexpr auto name = "/iechor/pier.toml";
  if (!at.asked.empty())
    return at.asked;
  if (at.variable != nullptr)
    return at.variable;
  if (at.xdg.starts_with('/'))
    return at.xdg + name;
  return at.home.starts_with('/') ? at.home + "/.config" + name : "";
}

std::string absolute_path(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::absolute(path, ignored).string();
}

result<std::string> settings_text(const settings_place& at) {
  auto path = choose_settings_file(at);
  if (path.empty())
    return std::string{};
  // Whoever waits for a writer waits for ever: a FIFO is opened without.
  net::fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat facts {};
  auto asked = !at.asked.empty() || at.variable != nullptr;
  if (!file && !asked && (errno == ENOENT || errno == ENOTDIR))
    return std::string{};
  if (!file || ::fstat(file.get(), &facts) != 0)
    return cannot(path);
  if (!S_ISREG(facts.st_mode))
    return cannot(path, "it is no regular file");
  std::string text;
  std::array<char, 65536> chunk{};
  // One byte too many is enough to know.
  while (text.size() <= config::longest_document) {
    auto count = ::read(file.get(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return cannot(path);
    if (count == 0)
      return text;
    text.append(chunk.data(), static_cast<size_t>(count));
  }
  return cannot(
    path,
    "it is larger than " + std::to_string(config::longest_document) + " bytes");
}

result<settings> present_settings(std::string asked) {
  auto at = look_for_settings(std::move(asked));
  auto text = settings_text(at);
  if (!text)
    return text.error();
  return obey_text(choose_settings_file(at), *text);
}

result<settings> obey_text(const std::string& name, std::string_view text) {
  auto with = config::load(name, text, surrounding_settings());
  if (with)
    return with;
  return error{
    ec::bad_request,
    "the settings are wrong, and none of them is obeyed:\n"
      + with.error().text};
}

} // namespace pier::control
