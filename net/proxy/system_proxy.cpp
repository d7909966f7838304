#include "net/proxy/system_proxy.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

namespace pier::net {

namespace {

using environment = std::function<std::string(const char*)>;

std::vector<exclusion> exclusions_of(const std::string& list) {
  constexpr size_t most = 1024;
  std::vector<exclusion> out;
  for (size_t begin = 0; begin < list.size() && out.size() < most;) {
    auto end = std::min(list.find_first_of(", \t", begin), list.size());
    // What others do not understand they pass over, too.
    if (end > begin)
      if (auto one = parse_exclusion(list.substr(begin, end - begin)))
        out.push_back(std::move(*one));
    begin = end + 1;
  }
  return out;
}

} // namespace

proxy_terms system_proxy(
  const environment& from, const std::function<void(std::string)>& wrong) {
  auto either = [&](const char* lower, const char* upper) {
    auto text = from(lower);
    return text.empty() ? from(upper) : text;
  };
  auto read = [&](const char* name, const std::string& text) {
    std::optional<upstream_proxy> out;
    if (text.empty())
      return out;
    auto url = parse_upstream_proxy(text);
    if (url)
      out = std::move(*url);
    else
      wrong(
        std::string{name}
        + " of the environment is passed over: " + url.error().text);
    return out;
  };
  proxy_terms out;
  auto is_cgi = !from("REQUEST_METHOD").empty();
  auto all = read("all_proxy", either("all_proxy", "ALL_PROXY"));
  out.http = read(
    "http_proxy",
    is_cgi ? from("http_proxy") : either("http_proxy", "HTTP_PROXY"));
  out.https = read("https_proxy", either("https_proxy", "HTTPS_PROXY"));
  if (!out.http)
    out.http = all;
  if (!out.https)
    out.https = all;
  out.exclude = exclusions_of(either("no_proxy", "NO_PROXY"));
  return out;
}

proxy_terms proxy_of_environment() {
  return system_proxy(
    [](const char* name) {
      const auto* value = std::getenv(name);
      return value == nullptr ? std::string{} : value;
    },
    [](const std::string& why) { spdlog::warn("{}", why); });
}

} // namespace pier::net
