#pragma once

/// The heads of HTTP requests to a proxy (RFC 9110, RFC 9112): what is asked,
/// and of whom. Pure; every byte may be hostile. Whatever two readers could
/// read in two ways is refused: bare line feeds, folded lines, blanks before a
/// colon, two lengths, a length beside a transfer coding.

#include "messages/error.hpp"
#include "net/socks/wire.hpp"

#include <string>
#include <string_view>

namespace pier::net {

constexpr size_t max_http_head = size_t{16} << 10;

struct http_request {
  enum class kind : uint8_t {
    connect, // a tunnel to `to`
    forward, // something of `to`, by a URL of http
    own,     // something of the proxy itself, at `path`
  };
  kind what = kind::own;
  socks_address to;
  std::string method;
  std::string path;
  /// What the client calls the proxy.
  std::string host;
  /// Of Proxy-Authorization; empty: it has none.
  std::string credentials;
  /// `forward`: the head as the server is to have it, in origin form, the last
  /// request of its connection.
  std::string rewritten;
};

/// How many bytes the head takes; 0: more are needed. Refused with
/// ec::bad_request where it is malformed, with ec::exhausted where it is longer
/// than `max_http_head`.
socks_reading<http_request> read_http_head(std::string_view bytes);

} // namespace pier::net
