#pragma once

/// Where things stand in a DNS message (RFC 1035, 4.1; RFC 6891, 6.1): what a
/// cache must know of questions and replies without taking them apart. Pure and
/// bounded: both guests and upstreams are hostile.

#include "messages/address.hpp"
#include "net/dns/wire.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

/// What an asker says of itself in an OPT record.
struct edns {
  uint16_t udp_size = 512;
  bool dnssec_ok = false;
  /// Whether nothing is said that changes the answer: cookies and padding do
  /// not, a client's subnet does.
  bool plain = true;
};

/// Two questions with one key have one answer: the name in lower case, type,
/// class, and the bits RD, AD, CD, DO. Nothing: its answer is nobody else's.
std::optional<std::string> question_key(dns_view query);

/// Nothing: the question has no OPT record, or what stands there is none.
std::optional<edns> edns_of(dns_view query);

/// The largest UDP reply that the asker takes: 512, or what its EDNS says.
size_t udp_size(dns_view query);

/// A whole reply of one question.
struct reply_anatomy {
  size_t question_end = 0;
  /// Of every record but OPT: where its TTL stands.
  std::vector<size_t> ttls;
  /// The shortest of them; of what is no number (RFC 2181, 8) it is zero.
  uint32_t shortest = 0;
  /// How long it is certain that the name, or its type, is not there (RFC 2308,
  /// 5); nothing: no SOA record says so.
  std::optional<uint32_t> negative;
  /// Whether there is a record of the type that was asked for.
  bool answered = false;
  /// Where the fixed part of the OPT record ends, which is the last record.
  std::optional<size_t> opt_end;
  /// Of the answer section; at most 64.
  std::vector<ip_address> addresses;
};

/// Nothing: malformed, or more than a cache understands: bytes behind the last
/// record, two OPT records or one that is not the last, an extended code.
std::optional<reply_anatomy> dissect(dns_view reply);

} // namespace pier::net
