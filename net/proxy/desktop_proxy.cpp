#include "net/proxy/desktop_proxy.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

namespace pier::net {

namespace {

constexpr std::string_view schema = "org.gnome.system.proxy";
constexpr size_t most_keys = 64;
constexpr size_t most_exclusions = 1024;

using values = std::map<std::string, std::string, std::less<>>;

/// What is before the next blank, which goes, too.
std::string_view take_word(std::string_view& from) {
  auto word = from.substr(0, from.find(' '));
  from.remove_prefix(std::min(word.size() + 1, from.size()));
  return word;
}

/// Lines of a schema, a key and a value in GVariant's text: "http host" leads
/// to "'proxy.example'", and "mode" to "'manual'".
values values_of(std::string_view listed) {
  values out;
  while (!listed.empty() && out.size() < most_keys) {
    auto line = listed.substr(0, listed.find('\n'));
    listed.remove_prefix(std::min(line.size() + 1, listed.size()));
    auto where = take_word(line);
    if (!where.starts_with(schema))
      continue;
    where.remove_prefix(std::min(schema.size() + 1, where.size()));
    auto key = std::string{where} + (where.empty() ? "" : " ");
    key += take_word(line);
    out.emplace(std::move(key), line);
  }
  return out;
}

/// The strings of one, or of a list of them; a backslash takes the next
/// character as it is.
std::vector<std::string> strings_in(std::string_view text) {
  std::vector<std::string> out;
  while (out.size() < most_exclusions) {
    auto begin = text.find_first_of("'\"");
    if (begin == std::string_view::npos)
      break;
    auto quote = text[begin];
    text.remove_prefix(begin + 1);
    std::string one;
    while (!text.empty() && text.front() != quote) {
      if (text.front() == '\\' && text.size() > 1)
        text.remove_prefix(1);
      one += text.front();
      text.remove_prefix(1);
    }
    if (text.empty())
      break;
    text.remove_prefix(1);
    out.push_back(std::move(one));
  }
  return out;
}

std::string string_at(const values& all, std::string_view key) {
  auto found = all.find(key);
  auto some = found == all.end() ? std::vector<std::string>{}
                                 : strings_in(found->second);
  return some.empty() ? std::string{} : some.front();
}

uint16_t port_at(const values& all, std::string_view key) {
  auto found = all.find(key);
  uint16_t out = 0;
  if (found != all.end())
    std::from_chars(
      found->second.data(), found->second.data() + found->second.size(), out);
  return out;
}

/// "http", "https" or "socks", if it is set.
std::optional<upstream_proxy> proxy_at(
  const values& all, const std::string& which,
  const std::function<void(std::string)>& wrong) {
  auto host = string_at(all, which + " host");
  auto port = port_at(all, which + " port");
  if (host.empty() || port == 0)
    return {};
  auto place = host.starts_with('[') ? host + ":" + std::to_string(port)
                                     : authority(host, port);
  auto out = parse_upstream_proxy(
    (which == "socks" ? "socks5h://" : "http://") + place);
  if (!out) {
    wrong(
      std::string{schema} + "." + which
      + " is passed over: " + out.error().text);
    return {};
  }
  return std::move(*out);
}

void take_login(const values& all, std::optional<upstream_proxy>& into) {
  auto found = all.find("http use-authentication");
  if (!into || found == all.end() || found->second != "true")
    return;
  into->user = secret{string_at(all, "http authentication-user")};
  into->password = secret{string_at(all, "http authentication-password")};
}

} // namespace

std::optional<proxy_terms> desktop_proxy(
  std::string_view listed, const std::function<void(std::string)>& wrong) {
  auto all = values_of(listed);
  auto mode = string_at(all, "mode");
  proxy_terms out;
  if (mode == "auto") {
    out.pac = string_at(all, "autoconfig-url");
    if (out.pac.empty())
      wrong(
        "the desktop's proxy settings leave it to the network to name a PAC "
        "script, which is not asked: set org.gnome.system.proxy "
        "autoconfig-url");
  } else if (mode == "manual") {
    auto socks = proxy_at(all, "socks", wrong);
    out.http = proxy_at(all, "http", wrong);
    take_login(all, out.http);
    out.https = proxy_at(all, "https", wrong);
    if (!out.http)
      out.http = socks;
    if (!out.https)
      out.https = socks;
  }
  if (out.pac.empty() && !out.http && !out.https)
    return {};
  if (auto found = all.find("ignore-hosts"); found != all.end())
    for (const auto& each : strings_in(found->second))
      if (auto one = parse_exclusion(each))
        out.exclude.push_back(std::move(*one));
  return out;
}

} // namespace pier::net
