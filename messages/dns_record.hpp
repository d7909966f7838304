#pragma once

/// A DNS record of our own making (RFC 1035, 3596, 2782): a static record of
/// the settings, and what is answered out of one.

#include "messages/address.hpp"

#include <cstdint>
#include <string>

namespace pier {

struct dns_record {
  /// The numbers of the wire.
  enum class kind : uint16_t {
    a = 1,
    cname = 5,
    txt = 16,
    aaaa = 28,
    srv = 33
  };

  /// Lower case, without the final dot. "*.x" stands for every name below x
  /// that has no closer record (RFC 4592).
  std::string name;
  kind type = kind::a;
  ip_address address;    // A, AAAA
  std::string text;      // CNAME and SRV: the target; TXT: the text, any bytes
  uint16_t priority = 0; // SRV, and the next two
  uint16_t weight = 0;
  uint16_t port = 0;

  friend bool operator==(const dns_record&, const dns_record&) = default;
};

} // namespace pier
