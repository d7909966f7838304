#pragma once

/// A network as a value: an address and how many of its bits count (RFC 4632).

#include "messages/address.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pier {

/// The bits of `net` behind the first `bits` are zero: two subnets that are the
/// same compare equal.
struct ip_subnet {
  ip_address net;
  unsigned bits = 0;

  /// ADDRESS/BITS, or an address alone, which is a subnet of one. What has bits
  /// behind its length is no subnet: it is likelier a mistake than a wish.
  static std::optional<ip_subnet> parse(std::string_view text);

  bool contains(const ip_address& ip) const noexcept {
    return ip.in_subnet(net, bits);
  }

  bool overlaps(const ip_subnet& other) const noexcept;

  /// Whether one address is all of it.
  bool is_single() const noexcept {
    return bits == (net.is_v4() ? 32U : 128U);
  }

  friend bool operator==(const ip_subnet&, const ip_subnet&) = default;
};

/// 10.0.0.0/8; an address alone where that is all.
std::string to_string(const ip_subnet& of);

} // namespace pier
