#pragma once

/// A request to an HTTP proxy (RFC 9110, 9112): which form it has, where it
/// leads, and how it goes on. Pure and bounded.

#include "messages/proxy.hpp"
#include "net/http/head.hpp"

#include <string>
#include <string_view>

namespace pier::net {

struct request_head {
  proxy_request what;
  head_facts facts;
  /// "GET".
  std::string method;
  /// What stands behind the authority, "/index.html?a"; "*" of OPTIONS.
  std::string target;
  /// HOST[:PORT] as it was written, for Host and for absolute form.
  std::string authority;
  http_fields fields;
};

/// A whole head, as find_head_end finds it. Refused with 400, 431, 501 or 505,
/// and in words.
http_result<request_head> read_request(std::string_view head);

/// The same for a server of the name that Host has, of one that does not know
/// that there is a proxy: in origin form. `port` is where it came to.
http_result<request_head>
read_led_request(std::string_view head, uint16_t port);

/// What it asks for, in absolute form.
std::string url_of(const request_head& what);

/// The same without its body, which is said to be empty.
request_head without_body(request_head what);

/// How it goes on. `to_proxy`: in absolute form, with these credentials for
/// Proxy-Authorization, unless they are empty.
std::string onward_request(
  const request_head& what, bool to_proxy, const std::string& credentials);

} // namespace pier::net
