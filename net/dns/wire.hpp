#pragma once

/// DNS messages as bytes (RFC 1035, 6891): what a forwarder must understand of
/// them. Pure and bounded: both guests and upstreams are hostile.

#include "messages/dns.hpp"
#include "messages/error.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pier::net {

using dns_bytes = std::vector<uint8_t>;
using dns_view = std::span<const uint8_t>;

enum class dns_code : uint8_t {
  no_error = 0,
  malformed = 1,
  failure = 2,
  no_such_name = 3,
  not_implemented = 4,
  refused = 5,
};

/// One ordinary question. Refused: no sane message (then an answer of
/// `malformed` or `not_implemented` can still be made when there is a header).
result<dns_question> read_question(dns_view query);

/// Bytes from the header to the end of the first question; nothing: malformed.
std::optional<size_t> question_end(dns_view message);

uint16_t id_of(dns_view message);
void set_id(dns_bytes& message, uint16_t id);
dns_code code_of(dns_view message);
bool is_truncated(dns_view message);

/// The same question, and a reply at all; the id is the caller's to compare.
bool answers(dns_view query, dns_view reply);

dns_bytes make_failure(dns_view query, dns_code why);

/// The header and question of a reply, marked truncated.
dns_bytes truncate(dns_view reply);

} // namespace pier::net
