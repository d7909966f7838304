#pragma once

/// The names that Pier answers itself. Pure.

#include "messages/dns.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pier::net {

/// Names are equal whatever their case (RFC 4343), and people write them so.
struct names_in_order {
  bool operator()(const std::string& a, const std::string& b) const noexcept;
};

/// An IPv4 and an IPv6 address of one thing; an unspecified one is none.
using address_pair = std::pair<ip_address, ip_address>;

struct zone {
  /// "iechor.internal", …: without dots around, lower case.
  std::vector<std::string> suffixes;
  address_pair gateway;
  address_pair host;
  address_pair proxy;
  /// By name; asked with and without a suffix, or below container.internal.
  std::map<std::string, address_pair, names_in_order> containers;
  /// The same, but of the settings, and before those.
  std::map<std::string, std::vector<ip_address>, names_in_order> hosts;
};

/// Nothing: not ours, ask upstream.
std::optional<dns_answer> answer(const zone& of, const dns_question& what);

} // namespace pier::net
