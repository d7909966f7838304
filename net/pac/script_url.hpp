#pragma once

/// Where a PAC script is fetched from. Pure.

#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pier::net {

struct script_url {
  bool secure = false;
  std::string host;
  uint16_t port = 0;
  /// With the query, from the first / on.
  std::string path;

  friend bool operator==(const script_url&, const script_url&) = default;
};

/// http:// or https://, at most 2048 bytes, without a login.
result<script_url> parse_script_url(std::string_view text);

/// Where a redirect leads: a URL, or a path on the same server.
result<script_url>
redirected(const script_url& from, std::string_view location);

std::string to_string(const script_url& of);

} // namespace pier::net
