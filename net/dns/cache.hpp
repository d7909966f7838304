#pragma once

/// Answers of others, kept for as long as they may be (RFC 1035, 2181, 2308;
/// RFC 8767 for those that are told after their end). What is told is what was
/// heard, but for the id, the case of the question, the TTLs and EDNS options.
/// Pure: whoever asks says what time it is.
///
/// Limits: truncated answers, failures, answers longer than 4 KiB and those
/// that are good for no second are not kept. No guest can make it grow beyond
/// its entries, and the least recently used of them goes first.

#include "messages/settings/dns_settings.hpp"
#include "net/dns/wire.hpp"
#include "net/network.hpp"

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

namespace pier::net {

/// An answer is good only for the servers that gave it: split DNS has two for
/// one question. Nothing: the question is not to be cached.
std::optional<std::string>
cache_key(dns_view query, std::span<const endpoint> servers);

class dns_cache {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit dns_cache(const dns_cache_limits& limits = {});

  void clear();

  bool is_on() const noexcept {
    return limits_.entries > 0;
  }

  /// An answer to this query that is still good.
  std::optional<dns_bytes>
  find(const std::string& key, dns_view query, time_point now);

  /// One that is no longer, but may be told when nobody knows better.
  std::optional<dns_bytes>
  find_stale(const std::string& key, dns_view query, time_point now);

  void keep(const std::string& key, dns_view reply, time_point now);

  dns_cache_counts count() const noexcept;

private:
  struct entry {
    std::string key;
    dns_bytes bytes;
    time_point since;
    std::chrono::seconds life{0};
  };

  entry* look_up(const std::string& key);
  dns_bytes tell(const entry& what, dns_view query, time_point now) const;

  dns_cache_limits limits_;
  std::list<entry> entries_; // the most recently used one first
  std::unordered_map<std::string_view, std::list<entry>::iterator> by_key_;
  uint64_t hits_ = 0;
  uint64_t misses_ = 0;
};

} // namespace pier::net
