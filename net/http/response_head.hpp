#pragma once

/// A server's answer (RFC 9110, 9112), and how it goes on to the client. Pure
/// and bounded.

#include "net/http/head.hpp"
#include "net/http/request_head.hpp"

#include <string>
#include <string_view>

namespace pier::net {

struct response_head {
  unsigned status = 0;
  std::string reason;
  head_facts facts;
  http_fields fields;

  /// 100 to 199: another head comes after it. 101 is the last one.
  bool is_interim() const noexcept {
    return status < 200 && status != 101;
  }
};

/// To a request of this method. Refused with 502, and in words.
http_result<response_head>
read_response(std::string_view head, const std::string& method);

/// How its body goes on: whoever speaks 1.0 is given no chunks, and one that
/// ends with its connection is given to others in chunks, so that they hear
/// where it ends.
framing onward_framing(const response_head& what, bool client_is_http11);

/// `keeps`: the client may ask for more on this connection.
std::string onward_response(
  const response_head& what, const framing& as, bool client_is_http11,
  bool keeps);

/// An answer of our own, which ends the connection: its status line, and the
/// text as its body.
std::string own_response(const http_refusal& why);

/// What a refusal of ours is to a client of a proxy: 403 forbidden, 504
/// silent, 503 exhausted, 502 everything else.
http_refusal refusal_of(const error& why);

} // namespace pier::net
