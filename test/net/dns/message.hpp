#pragma once

/// DNS messages as people write them, for tests.

#include "net/dns/wire.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pier::trials {

constexpr uint16_t type_a = 1, type_ptr = 12, type_mx = 15, type_aaaa = 28,
                   type_any = 255;

net::dns_bytes
ask(std::string_view name, uint16_t type = type_a, uint16_t id = 0x4a4b);

/// Adds an OPT record (RFC 6891, 6.1.2).
net::dns_bytes with_edns(net::dns_bytes query, uint16_t udp_size);

/// The same question as a reply without records.
net::dns_bytes
reply_to(net::dns_view query, net::dns_code code = net::dns_code::no_error);

/// A reply of that many bytes, behind which nothing sensible stands.
net::dns_bytes long_reply_to(net::dns_view query, size_t size);

net::dns_bytes truncated(net::dns_bytes reply);

/// Behind its length, as over TCP.
net::dns_bytes framed(net::dns_view message);

/// What an answer says, as dig would print it, one line a record.
std::vector<std::string> lines_of(net::dns_view message);

} // namespace pier::trials
