#pragma once

/// The host's way in to the containers, by SOCKS and by HTTP.

#include "messages/address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier {

/// What becomes of clients that ask for somebody outside the guest network.
enum class socks_outside : uint8_t {
  refuse,
  allow, // they are dialled from the host, as its own programs would
};

struct socks_settings {
  /// Absent: nowhere.
  std::optional<endpoint> listen;
  /// The file of those who are let in, absolute or from "~/"; empty: everybody.
  std::string users;
  socks_outside outside = socks_outside::refuse;

  friend bool operator==(const socks_settings&, const socks_settings&)
    = default;
};

/// What the place itself must know of it.
struct socks_terms {
  std::string users;
  /// As guests ask for each other: domains, and names of single addresses.
  std::vector<std::string> suffixes;
  std::vector<std::string> names;

  friend bool operator==(const socks_terms&, const socks_terms&) = default;
};

} // namespace pier
