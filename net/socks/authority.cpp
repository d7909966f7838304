#include "net/socks/authority.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace pier::net {

std::optional<socks_address>
read_authority(std::string_view text, std::optional<uint16_t> port) {
  socks_address out;
  auto colon = text.rfind(':');
  auto bracket = text.rfind(']');
  auto has_port = colon != std::string_view::npos
    && (bracket == std::string_view::npos || colon > bracket);
  if (has_port) {
    auto digits = text.substr(colon + 1);
    uint16_t number = 0;
    auto end = digits.data() + digits.size();
    auto [at, wrong] = std::from_chars(digits.data(), end, number);
    if (wrong != std::errc{} || at != end || number == 0)
      return std::nullopt;
    port = number;
    text = text.substr(0, colon);
  }
  if (!port)
    return std::nullopt;
  out.at.port = *port;
  if (text.starts_with('[') && text.ends_with(']')) {
    auto ip = ip_address::parse(text.substr(1, text.size() - 2));
    if (!ip || ip->is_v4())
      return std::nullopt;
    out.at.ip = *ip;
    return out;
  }
  if (auto ip = ip_address::parse(text); ip && ip->is_v4()) {
    out.at.ip = *ip;
    return out;
  }
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
      || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  };
  if (
    text.empty() || text.size() > 255
    || !std::all_of(text.begin(), text.end(), fits))
    return std::nullopt;
  out.name = text;
  return out;
}

} // namespace pier::net
