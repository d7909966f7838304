#pragma once

/// The name in a TLS ClientHello (RFC 8446, 4.1.2; RFC 6066, 3). Pure and
/// bounded.

#include <cstdint>
#include <span>
#include <string>

namespace pier::net {

struct hello_name {
  enum class kind : uint8_t {
    none,       // it is no ClientHello, or it has no name
    incomplete, // it may have one, further on
    found,
  };
  kind what = kind::none;
  /// In lower case.
  std::string name;

  friend bool operator==(const hello_name&, const hello_name&) = default;
};

/// Of the first bytes of a connection. A hello may lie in several records, and
/// come in several pieces.
hello_name read_hello(std::span<const uint8_t> bytes);

} // namespace pier::net
