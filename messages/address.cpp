#include "messages/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace pier {

ip_address ip_address::v4(const std::array<uint8_t, 4>& bytes) noexcept {
  ip_address ip;
  std::copy(bytes.begin(), bytes.end(), ip.bytes_.begin());
  return ip;
}

ip_address ip_address::v6(const std::array<uint8_t, 16>& bytes) noexcept {
  ip_address ip;
  ip.kind_ = family::v6;
  ip.bytes_ = bytes;
  return ip;
}

ip_address ip_address::any(family kind) noexcept {
  ip_address ip;
  ip.kind_ = kind;
  return ip;
}

ip_address ip_address::loopback(family kind) noexcept {
  auto ip = any(kind);
  if (kind == family::v4)
    ip.bytes_[0] = 127;
  ip.bytes_[kind == family::v4 ? 3 : 15] = 1;
  return ip;
}

std::optional<ip_address> ip_address::parse(std::string_view text) {
  // The longest literal has 45 characters; inet_pton needs the final zero.
  std::array<char, 46> copy{};
  if (text.empty() || text.size() >= copy.size())
    return std::nullopt;
  std::copy(text.begin(), text.end(), copy.begin());
  ip_address ip;
  if (inet_pton(AF_INET, copy.data(), ip.bytes_.data()) == 1)
    return ip;
  ip.kind_ = family::v6;
  if (inet_pton(AF_INET6, copy.data(), ip.bytes_.data()) == 1)
    return ip;
  return std::nullopt;
}

bool ip_address::is_any() const noexcept {
  return std::all_of(
    bytes_.begin(), bytes_.end(), [](uint8_t byte) { return byte == 0; });
}

bool ip_address::is_loopback() const noexcept {
  return is_v4() ? bytes_[0] == 127 : *this == loopback(family::v6);
}

bool ip_address::is_multicast() const noexcept {
  return is_v4() ? (bytes_[0] & 0xf0) == 0xe0 : bytes_[0] == 0xff;
}

bool ip_address::is_link_local() const noexcept {
  return is_v4() ? bytes_[0] == 169 && bytes_[1] == 254
                 : bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
}

std::optional<ip_address> ip_address::embedded() const noexcept {
  if (is_v4() || is_loopback() || is_any())
    return std::nullopt;
  auto zero = [](uint8_t byte) { return byte == 0; };
  if (!std::all_of(bytes_.begin(), bytes_.begin() + 10, zero))
    return std::nullopt;
  auto mapped = bytes_[10] == 0xff && bytes_[11] == 0xff;
  auto compatible = bytes_[10] == 0 && bytes_[11] == 0;
  if (!mapped && !compatible)
    return std::nullopt;
  return v4({bytes_[12], bytes_[13], bytes_[14], bytes_[15]});
}

bool ip_address::in_subnet(
  const ip_address& net, unsigned bits) const noexcept {
  if (kind_ != net.kind_)
    return false;
  bits = std::min(bits, is_v4() ? 32U : 128U);
  auto whole = bits / 8;
  if (!std::equal(bytes_.begin(), bytes_.begin() + whole, net.bytes_.begin()))
    return false;
  if (bits % 8 == 0)
    return true;
  auto mask = static_cast<uint8_t>(0xff << (8 - bits % 8));
  return (bytes_[whole] & mask) == (net.bytes_[whole] & mask);
}

ip_address ip_address::plus(uint32_t offset) const noexcept {
  auto ip = *this;
  for (auto i = is_v4() ? 4U : 16U; i > 0 && offset > 0; --i) {
    auto sum = ip.bytes_[i - 1] + (offset & 0xff);
    ip.bytes_[i - 1] = static_cast<uint8_t>(sum & 0xff);
    offset = (offset >> 8) + (sum >> 8);
  }
  return ip;
}

std::string to_string(const ip_address& ip) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  auto kind = ip.is_v4() ? AF_INET : AF_INET6;
  inet_ntop(kind, ip.bytes().data(), text.data(), text.size());
  return text.data();
}

std::string to_string(const endpoint& at) {
  auto ip = to_string(at.ip);
  auto port = std::to_string(at.port);
  return at.ip.is_v4() ? ip + ":" + port : "[" + ip + "]:" + port;
}

} // namespace pier

size_t std::hash<pier::ip_address>::operator()(
  const pier::ip_address& ip) const noexcept {
  const auto& bytes = ip.bytes();
  std::string_view view{
    reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  return std::hash<std::string_view>{}(view);
}

size_t
std::hash<pier::endpoint>::operator()(const pier::endpoint& at) const noexcept {
  auto seed = std::hash<pier::ip_address>{}(at.ip);
  return seed ^ (size_t{at.port} + 0x9e3779b97f4a7c15U + (seed << 6));
}
