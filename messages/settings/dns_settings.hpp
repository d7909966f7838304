#pragma once

/// The section [dns]: who answers the guests' questions. Values; what they do
/// is net/dns/decision, and what they are written like is config/.

#include "messages/address.hpp"
#include "messages/dns_record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pier {

/// Which addresses of foreign names the guests are told. Our own names always
/// have both: the guest network does. What is filtered is answered NODATA, and
/// nobody is asked; addresses within other answers (hints, glue) stay.
enum class address_policy : uint8_t {
  automatic, // IPv6 only while the host has a route to the world for it
  ipv4,      // A only
  ipv6,      // AAAA only
  none,      // no filter
};

/// A cache as RFC 2308 has it: by question, class and type, by the bits that
/// change an answer (RD, AD, CD, DO), and by the servers that gave it. What is
/// told out of it is what the server said, byte for byte, but for the id and
/// the TTLs, which are counted down, and for EDNS options, which are the
/// business of one hop. SERVFAIL is not kept. It is empty after every change of
/// the resolvers.
struct dns_cache_limits {
  /// Answers; zero: no cache. The least recently used one makes room.
  size_t entries = 1024;
  /// However long a TTL is; zero: no positive answers.
  std::chrono::seconds longest{3600};
  /// That a name, or a type of it, is not there; zero: not kept.
  std::chrono::seconds negative{60};
  /// So long after its end an answer is still told when every server fails
  /// (RFC 8767), with a TTL of 30 s. Zero, and the default: a failure is told
  /// as what it is.
  std::chrono::seconds stale{0};

  friend bool operator==(const dns_cache_limits&, const dns_cache_limits&)
    = default;
};

struct dns_settings {
  /// Who is asked; empty: the host's own resolvers, as resolv.conf(5) names
  /// them at that moment.
  std::vector<endpoint> servers;
  /// Split DNS: the name and all below it are asked of these. The longest of
  /// several that fit wins; no servers: the host's own. Lower case, without
  /// dots around.
  std::map<std::string, std::vector<endpoint>> zones;
  address_policy addresses = address_policy::automatic;
  dns_cache_limits cache;
  /// They go before all else: before a container of that name, too.
  std::vector<dns_record> records;

  friend bool operator==(const dns_settings&, const dns_settings&) = default;
};

} // namespace pier
