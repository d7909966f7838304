#include "config/destination.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace pier::config {

namespace {

constexpr std::array<std::pair<std::string_view, uint16_t>, 6> schemes{{
  {"http", 80},
  {"https", 443},
  {"ws", 80},
  {"wss", 443},
  {"ftp", 21},
  {"ssh", 22},
}};

constexpr size_t longest_name = 253;
constexpr auto npos = std::string_view::npos;

std::optional<uint16_t> port_of(std::string_view text) {
  uint16_t number = 0;
  auto end = text.data() + text.size();
  auto [at, status] = std::from_chars(text.data(), end, number);
  if (status != std::errc{} || at != end || number == 0)
    return std::nullopt;
  return number;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name && text.front() != '.'
    && text.back() != '.' && text.find("..") == npos
    && std::all_of(text.begin(), text.end(), [](unsigned char c) {
         return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
       });
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// What a port is looked for in, and what it is where there is none.
struct authority {
  std::string_view text;
  uint16_t port = 0;
};

/// Refused: of no scheme that has a port of its own.
std::optional<authority> authority_of(std::string_view text) {
  auto mark = text.find("://");
  if (mark == npos)
    return authority{text};
  auto scheme = lower_case(text.substr(0, mark));
  authority out{text.substr(mark + 3)};
  out.text = out.text.substr(0, out.text.find_first_of("/?#"));
  if (auto at = out.text.rfind('@'); at != npos)
    out.text = out.text.substr(at + 1);
  for (const auto& [name, port] : schemes)
    if (name == scheme)
      out.port = port;
  if (out.port == 0 && scheme != "tcp")
    return std::nullopt;
  return out;
}

} // namespace

result<destination> parse_destination(std::string_view text) {
  auto refuse = [&](const std::string& why) {
    return error{
      ec::bad_request,
      "no destination: " + std::string{text} + ": " + why
        + ": write a URL or HOST:PORT"};
  };
  auto where = authority_of(text);
  if (!where)
    return refuse("its scheme is none of http, https, ws, wss, ftp, ssh, tcp");
  auto host = where->text;
  destination out;
  out.at.port = where->port;
  auto colon = host.rfind(':');
  auto bracket = host.rfind(']');
  if (colon != npos && (bracket == npos || bracket < colon)) {
    auto port = port_of(host.substr(colon + 1));
    if (!port)
      return refuse(
        std::string{host.substr(colon + 1)} + " is no port from 1 to 65535");
    out.at.port = *port;
    host = host.substr(0, colon);
  }
  if (out.at.port == 0)
    return refuse("it has no port");
  auto bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  else if (host.size() > 1 && host.back() == '.')
    host.remove_suffix(1);
  if (auto ip = ip_address::parse(host); ip && ip->is_v4() != bracketed) {
    out.at.ip = *ip;
    return out;
  }
  if (bracketed || !is_name(host))
    return refuse(std::string{host} + " is neither a name nor an address");
  out.name = lower_case(host);
  return out;
}

} // namespace pier::config
