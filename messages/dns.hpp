#pragma once

/// A DNS question and our own answers to one (RFC 1035). The wire format is
/// net/dns/wire.

#include "messages/address.hpp"
#include "messages/flow.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pier {

/// A question that waits to be claimed by a query.
struct dns_question {
  ticket number = 0;
  /// Who asks.
  endpoint guest;
  bool over_tcp = false;
  /// Lower case, without the final dot.
  std::string name;
  uint16_t type = 0;
  uint16_t klass = 1;
};

/// An answer of our own zone: addresses or names, or that there are none.
struct dns_answer {
  enum class kind : uint8_t { records, no_data, no_such_name };
  kind what = kind::no_such_name;
  std::vector<ip_address> addresses; // A or AAAA
  std::string pointer;               // PTR
  /// Seconds. Zero: what we answer may change at any moment.
  uint32_t ttl = 0;
};

/// What an exchange tells its query.
struct dns_event {
  /// ok: the upstream's answer has been passed on; else why there is none.
  ec why = ec::ok;
};

} // namespace pier
