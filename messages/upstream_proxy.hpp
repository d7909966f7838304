#pragma once

/// A proxy between this host and the world, as a value: where it is, what it
/// speaks, and who we are to it.

#include "messages/error.hpp"
#include "messages/secret.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pier {

enum class proxy_scheme : uint8_t {
  http,
  https,   // HTTP within TLS
  socks5,  // an address that we know is told as such
  socks5h, // the proxy looks names up
};

std::string_view to_string(proxy_scheme what) noexcept;

struct upstream_proxy {
  proxy_scheme scheme = proxy_scheme::http;
  /// A name in lower case, or an address without brackets.
  std::string host;
  uint16_t port = 0;
  /// Both empty: we are nobody in particular.
  secret user;
  secret password;

  bool has_login() const noexcept {
    return !user.empty() || !password.empty();
  }
  bool speaks_http() const noexcept {
    return scheme == proxy_scheme::http || scheme == proxy_scheme::https;
  }

  friend bool operator==(const upstream_proxy&, const upstream_proxy&)
    = default;
};

/// [SCHEME://][USER[:PASSWORD]@]HOST[:PORT][/], the user and the password
/// percent-encoded where they must be. Without a scheme it is http; the ports
/// are 80, 443 and 1080 unless one is named. At most 2048 bytes. No refusal
/// repeats what may be a password.
result<upstream_proxy> parse_upstream_proxy(std::string_view text);

/// "http://***@proxy.example:3128".
std::string to_string(const upstream_proxy& of);

/// HOST:PORT of it, or of a target: an IPv6 address in brackets.
std::string authority(const std::string& host, uint16_t port);

/// One way out, of a list in which the next is for when it fails.
struct proxy_choice {
  enum class kind : uint8_t {
    direct,
    through, // `proxy`
    blocked, // there is no way: `why` says whose word that is
  };
  kind way = kind::direct;
  upstream_proxy proxy;
  std::string why;

  friend bool operator==(const proxy_choice&, const proxy_choice&) = default;
};

/// "direct", "through http://proxy.example:3128", "blocked: …".
std::string to_string(const proxy_choice& of);

} // namespace pier
