#include "messages/upstream_proxy.hpp"

#include "messages/address.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace pier {

namespace {

constexpr size_t longest_text = 2048;
constexpr size_t longest_name = 253;
/// RFC 1929 knows no longer ones.
constexpr size_t longest_login = 255;

struct known_scheme {
  std::string_view word;
  proxy_scheme scheme;
  uint16_t port;
};

constexpr known_scheme schemes[] = {
  {"http", proxy_scheme::http, 80},
  {"https", proxy_scheme::https, 443},
  {"socks5", proxy_scheme::socks5, 1080},
  {"socks5h", proxy_scheme::socks5h, 1080},
  {"socks", proxy_scheme::socks5, 1080},
};

std::string lowered(std::string_view text) {
  std::string out{text};
  for (auto& each : out)
    each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  return out;
}

bool is_name(std::string_view text) {
  auto fits = [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '-' || each == '_' || each == '.';
  };
  return !text.empty() && text.size() <= longest_name && text.front() != '.'
    && std::all_of(text.begin(), text.end(), fits);
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out.push_back(text[at]);
      continue;
    }
    uint8_t value = 0;
    auto digits = text.substr(at + 1, 2);
    auto [end, failed] = std::from_chars(
      digits.data(), digits.data() + digits.size(), value, 16);
    if (failed != std::errc{} || end != digits.data() + 2 || value == 0)
      return std::nullopt;
    out.push_back(static_cast<char>(value));
    at += 2;
  }
  return out;
}

error refuse(std::string_view what, const std::string& why) {
  return {
    ec::bad_request,
    "no proxy: " + std::string{what} + ": " + why
      + ": write [http|https|socks5|socks5h://][USER[:PASSWORD]@]HOST[:PORT]"};
}

/// Nothing, or why not.
std::optional<std::string>
read_login(std::string_view text, upstream_proxy& out) {
  auto colon = text.find(':');
  auto user = percent_decoded(text.substr(0, colon));
  auto password = percent_decoded(
    colon == std::string_view::npos ? std::string_view{}
                                    : text.substr(colon + 1));
  if (!user || !password)
    return "a % in its user or password is followed by no two hex digits";
  if (user->size() > longest_login || password->size() > longest_login)
    return "its user or password is longer than 255 bytes";
  // They would end a line of a header.
  auto is_control = [](unsigned char each) {
    return each < ' ' || each == 127;
  };
  if (
    std::any_of(user->begin(), user->end(), is_control)
    || std::any_of(password->begin(), password->end(), is_control))
    return "its user or password has control characters";
  out.user = secret{std::move(*user)};
  out.password = secret{std::move(*password)};
  return std::nullopt;
}

/// The same, of HOST[:PORT].
std::optional<std::string>
read_place(std::string_view text, upstream_proxy& out) {
  std::string_view host;
  std::string_view rest;
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == std::string_view::npos)
      return "a [ is not closed";
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    auto ip = ip_address::parse(host);
    if (!ip || ip->is_v4())
      return "what is in brackets is no IPv6 address";
    out.host = to_string(*ip);
  } else {
    auto colon = text.find(':');
    host = text.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view{}
                                           : text.substr(colon);
    if (rest.find(':', 1) != std::string_view::npos)
      return "an IPv6 address stands in brackets";
    if (!is_name(host))
      return "its host is no name and no address";
    out.host = lowered(host);
  }
  if (rest.empty())
    return std::nullopt;
  auto digits = rest.substr(1);
  auto [end, failed] = std::from_chars(
    digits.data(), digits.data() + digits.size(), out.port);
  if (
    rest.front() != ':' || digits.empty() || failed != std::errc{}
    || end != digits.data() + digits.size() || out.port == 0)
    return "its port is no number from 1 to 65535";
  return std::nullopt;
}

} // namespace

std::string_view to_string(proxy_scheme what) noexcept {
  for (const auto& each : schemes)
    if (each.scheme == what)
      return each.word;
  return "unknown";
}

result<upstream_proxy> parse_upstream_proxy(std::string_view text) {
  if (text.size() > longest_text)
    return refuse("a URL of more than 2048 bytes", "it is too long");
  upstream_proxy out;
  auto rest = text;
  auto scheme = std::string{"http"};
  if (auto end = text.find("://"); end != std::string_view::npos) {
    scheme = lowered(text.substr(0, end));
    rest = text.substr(end + 3);
  }
  const auto* known = std::find_if(
    std::begin(schemes), std::end(schemes),
    [&](const auto& each) { return each.word == scheme; });
  // What is no scheme may be anything, even a password.
  if (known == std::end(schemes))
    return refuse("a URL", "it begins with no scheme that is known here");
  out.scheme = known->scheme;
  out.port = known->port;
  auto place = rest.substr(0, rest.find_first_of("/?#"));
  auto path = rest.substr(place.size());
  auto at = place.rfind('@');
  std::optional<std::string> wrong;
  if (at != std::string_view::npos) {
    wrong = read_login(place.substr(0, at), out);
    place = place.substr(at + 1);
  }
  if (!wrong)
    wrong = read_place(place, out);
  if (!wrong && !path.empty() && path != "/")
    wrong = "it has a path; a / of a password is written %2F";
  if (wrong)
    return refuse(scheme + "://" + (out.host.empty() ? "…" : out.host), *wrong);
  return out;
}

std::string authority(const std::string& host, uint16_t port) {
  auto is_v6 = host.find(':') != std::string_view::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string to_string(const upstream_proxy& of) {
  std::string out{to_string(of.scheme)};
  out += "://";
  if (of.has_login())
    out += std::string{redacted} + "@";
  return out + authority(of.host, of.port);
}

std::string to_string(const proxy_choice& of) {
  switch (of.way) {
    case proxy_choice::kind::direct:
      return "direct";
    case proxy_choice::kind::through:
      return "through " + to_string(of.proxy);
    case proxy_choice::kind::blocked:
      return "blocked: " + of.why;
  }
  return "unknown";
}

} // namespace pier
