#include "net/proxy/login_file.hpp"

#include "net/fd.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace pier::net {

namespace {

constexpr size_t longest_line = 511; // RFC 1929: 255 each, and the colon

std::string path_of(const std::string& file) {
  const auto* home = std::getenv("HOME");
  auto in_home = file.starts_with("~/") && home != nullptr;
  return in_home ? home + file.substr(1) : file;
}

bool has_control(std::string_view text) {
  for (unsigned char each : text)
    if (each < 0x20 || each == 0x7F)
      return true;
  return false;
}

} // namespace

result<upstream_proxy>
with_login_text(upstream_proxy proxy, std::string_view text) {
  auto line = text.substr(0, text.find_first_of("\r\n"));
  auto colon = line.find(':');
  if (colon == line.npos || line.size() > longest_line || has_control(line))
    return error{
      ec::bad_request,
      "its first line is no USER:PASSWORD of at most 255 bytes each"};
  proxy.user = secret{std::string{line.substr(0, colon)}};
  proxy.password = secret{std::string{line.substr(colon + 1)}};
  return proxy;
}

result<upstream_proxy>
with_login(upstream_proxy proxy, const std::string& file) {
  if (file.empty() || proxy.has_login())
    return proxy;
  auto refuse = [&](ec code, const std::string& why) {
    return error{
      code,
      "the credentials for " + to_string(proxy) + " in " + file + ": " + why};
  };
  // Never waits, even where it is a pipe.
  fd opened{::open(path_of(file).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  std::array<char, 1024> text{};
  auto got = opened ? ::read(opened.get(), text.data(), text.size()) : -1;
  if (got < 0)
    return refuse(from_errno(errno), std::strerror(errno));
  auto out = with_login_text(
    std::move(proxy), {text.data(), static_cast<size_t>(got)});
  return out ? out : refuse(out.error().code, out.error().text);
}

} // namespace pier::net
