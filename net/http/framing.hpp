#pragma once

/// How long a message's body is (RFC 9112, 6.3).

#include <cstdint>
#include <string>

namespace pier::net {

struct framing {
  enum class kind : uint8_t { none, length, chunked, until_end };

  kind how = kind::none;
  uint64_t length = 0;

  friend bool operator==(const framing&, const framing&) = default;
};

/// The field that says so, with its line's end; none and until_end have none.
inline std::string field_of(const framing& what) {
  switch (what.how) {
    case framing::kind::length:
      return "Content-Length: " + std::to_string(what.length) + "\r\n";
    case framing::kind::chunked:
      return "Transfer-Encoding: chunked\r\n";
    default:
      return {};
  }
}

} // namespace pier::net
