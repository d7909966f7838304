#include "net/relay/proxy_header.hpp"

#include <algorithm>

namespace pier::net {

namespace {

using namespace std::string_view_literals;

constexpr auto signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr char version_and_command = 0x21; // 2, PROXY
/// Of a name in the header: that of sockaddr_un.
constexpr size_t name_size = 108;

/// High nibble: family; low nibble: 1 for a stream, 2 for datagrams.
constexpr char unspecified = 0x00;
constexpr char inet = 0x10;
constexpr char inet6 = 0x20;
constexpr char unix_stream = 0x31;

std::string network_order(size_t number) {
  return {
    static_cast<char>(number >> 8 & 0xff), static_cast<char>(number & 0xff)};
}

std::string with_addresses(char kind, const std::string& addresses) {
  return std::string{signature} + version_and_command + kind
    + network_order(addresses.size()) + addresses;
}

std::string bytes_of(const ip_address& ip, bool as_v6) {
  const auto& bytes = ip.bytes();
  if (!ip.is_v4())
    return {bytes.begin(), bytes.end()};
  std::string out{bytes.begin(), bytes.begin() + 4};
  return as_v6 ? std::string(10, '\0') + "\xff\xff" + out : out;
}

std::string padded(std::string_view name) {
  std::string out{name.substr(0, name_size)};
  out.resize(name_size, '\0');
  return out;
}

} // namespace

std::string proxy_header(
  protocol proto, const endpoint& source, const endpoint& destination) {
  if (proto == protocol::icmp)
    return with_addresses(unspecified, {});
  auto as_v6 = !source.ip.is_v4() || !destination.ip.is_v4();
  auto kind = static_cast<char>(
    (as_v6 ? inet6 : inet) | (proto == protocol::tcp ? 1 : 2));
  return with_addresses(
    kind,
    bytes_of(source.ip, as_v6) + bytes_of(destination.ip, as_v6)
      + network_order(source.port) + network_order(destination.port));
}

std::string
unix_proxy_header(std::string_view source, std::string_view destination) {
  return with_addresses(unix_stream, padded(source) + padded(destination));
}

} // namespace pier::net
