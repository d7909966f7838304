#include "net/pac/script_url.hpp"

#include "messages/upstream_proxy.hpp"

#include <algorithm>

namespace pier::net {

namespace {

constexpr size_t longest_url = 2048;

error refuse(const std::string& what, const std::string& why) {
  return {
    ec::bad_request,
    "no URL of a PAC script: " + what + ": " + why
      + ": write http[s]://HOST[:PORT]/PATH"};
}

bool is_path(std::string_view text) {
  auto fits = [](unsigned char each) { return each > ' ' && each < 127; };
  return std::all_of(text.begin(), text.end(), fits);
}

} // namespace

result<script_url> parse_script_url(std::string_view text) {
  if (text.size() > longest_url)
    return refuse("a text of more than 2048 bytes", "it is too long");
  auto end = text.find("://");
  auto place = end == std::string_view::npos ? std::string_view{}
                                             : text.substr(end + 3);
  auto path = place.substr(std::min(place.size(), place.find_first_of("/?#")));
  place = place.substr(0, place.size() - path.size());
  path = path.substr(0, path.find('#'));
  // A login would be shown wherever the URL is.
  if (place.find('@') != std::string_view::npos)
    return refuse("a URL with a login", "there must be none in it");
  auto server = parse_upstream_proxy(
    std::string{text.substr(0, end == std::string_view::npos ? 0 : end)} + "://"
    + std::string{place});
  if (!server || !server->speaks_http() || !is_path(path))
    return refuse(
      is_path(text) ? std::string{text} : "a text with blanks in it",
      "it is none");
  script_url out;
  out.secure = server->scheme == proxy_scheme::https;
  out.host = server->host;
  out.port = server->port;
  out.path = path.starts_with('/') ? path : "/" + std::string{path};
  return out;
}

result<script_url>
redirected(const script_url& from, std::string_view location) {
  if (!location.starts_with('/') || location.starts_with("//"))
    return parse_script_url(location);
  if (location.size() > longest_url || !is_path(location))
    return refuse("a redirect's path", "it is none");
  auto out = from;
  out.path = location.substr(0, location.find('#'));
  return out;
}

std::string to_string(const script_url& of) {
  return (of.secure ? "https://" : "http://") + authority(of.host, of.port)
    + of.path;
}

} // namespace pier::net
