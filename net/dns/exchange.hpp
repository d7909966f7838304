#pragma once

/// A guest's DNS question, at the door to the kernel: a part of
/// net/network.hpp, whose rules it has.

#include "messages/dns.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>

namespace pier::net {

/// One held DNS question.
class exchange {
public:
  using sink = std::function<void(const dns_event&)>;

  virtual ~exchange() = default;

  /// Answers out of our own zone.
  virtual void answer(const dns_answer& what) = 0;

  /// Passes on, byte for byte but for the id, what the course's servers answer
  /// or have answered a moment ago (net/dns/cache); one event follows.
  virtual void forward(const dns_course& how) = 0;

  /// REFUSED, and why.
  virtual void refuse(dns_refusal why) = 0;

  /// SERVFAIL.
  virtual void fail() = 0;
};

/// What became of the answers that were kept.
struct dns_cache_counts {
  size_t entries = 0;
  uint64_t hits = 0;
  uint64_t misses = 0;
};

} // namespace pier::net
