#pragma once

/// Addresses as values: no names, no scopes, no sockets. The texts are those
/// of inet_ntop(3), IPv6 in brackets where a port follows (RFC 3986).

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pier {

enum class family : uint8_t { v4 = 4, v6 = 6 };

/// An IPv4 or IPv6 address. Default-constructed it is 0.0.0.0.
class ip_address {
public:
  ip_address() = default;

  /// From four bytes in network order.
  static ip_address v4(const std::array<uint8_t, 4>& bytes) noexcept;

  /// From sixteen bytes in network order.
  static ip_address v6(const std::array<uint8_t, 16>& bytes) noexcept;

  /// 0.0.0.0 or ::.
  static ip_address any(family kind) noexcept;

  /// 127.0.0.1 or ::1.
  static ip_address loopback(family kind) noexcept;

  /// Parses a literal without brackets; a host name or a scope is no literal.
  static std::optional<ip_address> parse(std::string_view text);

  family kind() const noexcept {
    return kind_;
  }
  bool is_v4() const noexcept {
    return kind_ == family::v4;
  }

  /// The bytes in network order; for IPv4 the first four count.
  const std::array<uint8_t, 16>& bytes() const noexcept {
    return bytes_;
  }

  bool is_any() const noexcept;

  /// 127.0.0.0/8 or ::1. See `embedded` for disguises of these.
  bool is_loopback() const noexcept;

  bool is_multicast() const noexcept;

  /// fe80::/10 or 169.254.0.0/16.
  bool is_link_local() const noexcept;

  /// The IPv4 address inside ::ffff:a.b.c.d (RFC 4291, 2.5.5) or ::a.b.c.d.
  std::optional<ip_address> embedded() const noexcept;

  /// Whether the first `bits` bits are those of `net`.
  bool in_subnet(const ip_address& net, unsigned bits) const noexcept;

  /// The address `offset` after this one: an address plan counts with it.
  ip_address plus(uint32_t offset) const noexcept;

  friend auto operator<=>(const ip_address&, const ip_address&) = default;

private:
  family kind_ = family::v4;
  std::array<uint8_t, 16> bytes_{};
};

/// An address and a port.
struct endpoint {
  ip_address ip;
  uint16_t port = 0;

  friend auto operator<=>(const endpoint&, const endpoint&) = default;
};

std::string to_string(const ip_address& ip);

/// 1.2.3.4:80 or [::1]:80.
std::string to_string(const endpoint& at);

} // namespace pier

template <>
struct std::hash<pier::ip_address> {
  size_t operator()(const pier::ip_address& ip) const noexcept;
};

template <>
struct std::hash<pier::endpoint> {
  size_t operator()(const pier::endpoint& at) const noexcept;
};
