#pragma once

/// A proxy of the network around us, as a person names it: a URL, perhaps with
/// credentials (RFC 3986, 3.2).

#include "messages/error.hpp"
#include "messages/secret.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pier {

struct upstream {
  enum class kind : uint8_t {
    http,    // CONNECT, and absolute-form (RFC 9110)
    https,   // the same, inside TLS
    socks5,  // RFC 1928, for addresses that we have found
    socks5h, // for names, too
  };

  kind scheme = kind::http;
  /// A name in lower case, or an address without brackets.
  std::string host;
  uint16_t port = 0;
  /// Both empty: it asks for nothing, or is not to be told.
  std::string user;
  secret password;

  bool has_credentials() const noexcept {
    return !user.empty() || !password.empty();
  }

  friend bool operator==(const upstream&, const upstream&) = default;
};

/// "http", "socks5h".
std::string_view to_string(upstream::kind of) noexcept;

/// SCHEME://[USER[:PASSWORD]@]HOST[:PORT][/], of at most 2048 bytes; without a
/// scheme it is http. The port that a scheme implies is 80, 443 or 1080.
/// Refused with ec::bad_request in words that show no credentials.
result<upstream> parse_upstream(std::string_view url);

/// As it may be shown: "http://ann:***@proxy.example:3128".
std::string to_string(const upstream& of);

/// With everything that belongs to it, for a file of the user's own.
std::string reveal(const upstream& of);

/// HOST:PORT, an IPv6 address in brackets.
std::string authority_of(const upstream& of);

} // namespace pier
