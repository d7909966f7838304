#include "net/socks/users.hpp"

#include "net/base64.hpp"
#include "net/fd.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace pier::net {

namespace {

constexpr size_t longest_file = size_t{64} << 10;
constexpr size_t longest_text = 255;
constexpr std::string_view scheme = "basic ";

error unusable(const std::string& path, const std::string& why) {
  return {ec::bad_request, "the users in " + path + ": " + why};
}

error unreadable(const std::string& path) {
  return {
    from_errno(errno), "the users in " + path + ": " + std::strerror(errno)};
}

/// "~/x" is the user's own.
std::string at_home(const std::string& path) {
  if (!path.starts_with("~/"))
    return path;
  const auto* home = std::getenv("HOME");
  return std::string{home == nullptr ? "" : home} + path.substr(1);
}

bool same(const std::string& a, const std::string& b) {
  return a.size() == b.size()
    && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool is_basic(std::string_view credentials) {
  auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(
    scheme.begin(), scheme.end(), credentials.begin(),
    [&](char a, char b) { return a == lower(b); });
}

} // namespace

result<std::vector<socks_login>> read_users(std::string_view text) {
  std::vector<socks_login> out;
  for (size_t number = 1; !text.empty(); ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.empty() || line.starts_with('#'))
      continue;
    auto colon = line.find(':');
    auto user = line.substr(0, colon);
    auto password = colon == std::string_view::npos ? std::string_view{}
                                                    : line.substr(colon + 1);
    auto fits = [](std::string_view part) {
      return !part.empty() && part.size() <= longest_text;
    };
    if (!fits(user) || !fits(password))
      return error{
        ec::bad_request,
        "line " + std::to_string(number)
          + " is no USER:PASSWORD, each of 1 to 255 bytes"};
    out.push_back({std::string{user}, std::string{password}});
  }
  return out;
}

result<std::vector<socks_login>> load_users(const std::string& path) {
  fd file{::open(at_home(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat is {};
  if (!file || ::fstat(file.get(), &is) != 0)
    return unreadable(path);
  if (!S_ISREG(is.st_mode) || (is.st_uid != 0 && is.st_uid != ::geteuid()))
    return unusable(path, "it is no file of this user's");
  if ((is.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return unusable(path, "others may read it: chmod 600 " + path);
  std::string text(longest_file + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    auto got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0)
      return unreadable(path);
    if (got == 0)
      break;
    size += static_cast<size_t>(got);
  }
  if (size > longest_file)
    return unusable(path, "it has more than 64 KiB");
  auto all = read_users(std::string_view{text}.substr(0, size));
  if (!all)
    return unusable(path, all.error().text);
  return all;
}

bool knows(const std::vector<socks_login>& all, const socks_login& who) {
  auto found = false;
  for (const auto& each : all) {
    auto user = same(each.user, who.user);
    auto password = same(each.password, who.password);
    found = found || (user && password);
  }
  return found;
}

std::optional<socks_login> read_basic(std::string_view credentials) {
  if (credentials.size() < scheme.size() || !is_basic(credentials))
    return std::nullopt;
  auto text = credentials.substr(scheme.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.empty() || text.size() > 1024)
    return std::nullopt;
  auto plain = from_base64(text);
  if (!plain)
    return std::nullopt;
  auto colon = plain->find(':');
  if (colon == std::string::npos)
    return std::nullopt;
  return socks_login{plain->substr(0, colon), plain->substr(colon + 1)};
}

} // namespace pier::net
