#include "messages/upstream.hpp"

#include "messages/address.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

namespace pier {

namespace {

constexpr size_t longest_url = 2048;
constexpr size_t longest_name = 253;
constexpr size_t longest_credential = 255; // RFC 1929

struct scheme_row {
  upstream::kind what;
  std::string_view name;
  uint16_t port;
};

constexpr std::array<scheme_row, 4> schemes{
  {{upstream::kind::http, "http", 80},
   {upstream::kind::https, "https", 443},
   {upstream::kind::socks5, "socks5", 1080},
   {upstream::kind::socks5h, "socks5h", 1080}}};

const scheme_row& row_of(upstream::kind what) {
  return schemes[static_cast<size_t>(what)];
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (auto& each : out)
    each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  return out;
}

int digit_of(char letter) {
  auto c = std::tolower(static_cast<unsigned char>(letter));
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// RFC 3986, 2.1. Nothing: a % that stands for nothing, or a byte that no
/// protocol takes as a part of a name or a password.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '%') {
      if (i + 2 >= text.size())
        return std::nullopt;
      auto high = digit_of(text[i + 1]);
      auto low = digit_of(text[i + 2]);
      if (high < 0 || low < 0)
        return std::nullopt;
      byte = static_cast<unsigned char>(high * 16 + low);
      i += 2;
    }
    if (byte < 0x20 || byte == 0x7F)
      return std::nullopt;
    out += static_cast<char>(byte);
  }
  return out.size() <= longest_credential ? std::optional{out} : std::nullopt;
}

std::string encoded(std::string_view text) {
  constexpr std::string_view digits{"0123456789ABCDEF"};
  std::string out;
  for (auto letter : text) {
    auto byte = static_cast<unsigned char>(letter);
    if (
      std::isalnum(byte) != 0
      || std::string_view{"-._~"}.find(letter) != std::string_view::npos) {
      out += letter;
      continue;
    }
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

bool is_name(std::string_view text) {
  auto is_letter = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && text.size() <= longest_name && text.front() != '.'
    && std::all_of(text.begin(), text.end(), is_letter);
}

error refuse(const std::string& why) {
  return {ec::bad_request, "the URL of a proxy " + why};
}

result<std::string> read_host(std::string_view text) {
  if (text.starts_with("[")) {
    auto ip = ip_address::parse(text.substr(1, text.size() - 2));
    if (!text.ends_with("]") || !ip || ip->is_v4())
      return refuse("has no IPv6 address between its brackets");
    return to_string(*ip);
  }
  if (!is_name(text))
    return refuse(
      "names no host: expected http://HOST:PORT, with an IPv6 address in "
      "brackets");
  return lower(text);
}

result<uint16_t> read_port(std::string_view text) {
  uint16_t port = 0;
  const auto* last = text.data() + text.size();
  auto [end, why] = std::from_chars(text.data(), last, port);
  if (why != std::errc{} || end != last || port == 0)
    return refuse("has no port from 1 to 65535 behind its colon");
  return port;
}

result<void> read_credentials(upstream& into, std::string_view text) {
  auto colon = text.find(':');
  auto user = decoded(text.substr(0, colon));
  auto password = colon == text.npos ? std::optional{std::string{}}
                                     : decoded(text.substr(colon + 1));
  if (!user || !password)
    return refuse(
      "has credentials that cannot be read: at most 255 bytes each, without "
      "control characters, and a % as %25");
  into.user = std::move(*user);
  into.password = secret{std::move(*password)};
  return {};
}

result<void> read_authority(upstream& into, std::string_view text) {
  auto at = text.rfind('@');
  if (at != text.npos) {
    if (auto done = read_credentials(into, text.substr(0, at)); !done)
      return done;
    text.remove_prefix(at + 1);
  }
  auto colon = text.rfind(':');
  auto bracket = text.rfind(']');
  if (colon != text.npos && (bracket == text.npos || bracket < colon)) {
    auto port = read_port(text.substr(colon + 1));
    if (!port)
      return port.error();
    into.port = *port;
    text = text.substr(0, colon);
  }
  auto host = read_host(text);
  if (!host)
    return host.error();
  into.host = std::move(*host);
  return {};
}

std::string text_of(const upstream& of, const std::string& password) {
  auto out = std::string{to_string(of.scheme)} + "://";
  if (of.has_credentials())
    out += encoded(of.user) + (of.password.empty() ? "" : ":" + password) + "@";
  return out + authority_of(of);
}

} // namespace

std::string_view to_string(upstream::kind of) noexcept {
  return row_of(of).name;
}

result<upstream> parse_upstream(std::string_view url) {
  if (url.size() > longest_url)
    return refuse("is longer than 2048 bytes");
  upstream out;
  auto mark = url.find("://");
  auto name = mark == url.npos ? "http" : lower(url.substr(0, mark));
  const auto* found = std::find_if(
    schemes.begin(), schemes.end(),
    [&](const auto& each) { return each.name == name; });
  if (found == schemes.end())
    return refuse(
      "begins with something else than http://, https://, socks5:// or "
      "socks5h://");
  out.scheme = found->what;
  out.port = found->port;
  if (mark != url.npos)
    url.remove_prefix(mark + 3);
  if (url.ends_with("/"))
    url.remove_suffix(1);
  if (auto done = read_authority(out, url); !done)
    return done.error();
  return out;
}

std::string to_string(const upstream& of) {
  return text_of(of, "***");
}

std::string reveal(const upstream& of) {
  return text_of(of, encoded(of.password.reveal()));
}

std::string authority_of(const upstream& of) {
  auto is_v6 = of.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + of.host + "]" : of.host) + ":"
    + std::to_string(of.port);
}

} // namespace pier
