#pragma once

/// What is counted: of a container, or of a static forward. It is kept where
/// the place of the two is kept, in `net`, and counted by actors; so it
/// outlives them, and goes with the place. Values that only grow, but for
/// those that say how many there are now.

#include "messages/dns.hpp"
#include "messages/error.hpp"
#include "messages/flow.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pier {

struct flow_tally {
  /// Since the beginning, and now.
  uint64_t begun = 0;
  uint64_t open = 0;
  traffic bytes;
  /// Those that never came about, by what their beginner heard.
  std::map<ec, uint64_t> refused;
};

/// What became of a DNS question.
enum class dns_outcome : uint8_t {
  own,        // answered out of our own zone
  forwarded,  // others have answered, or the cache
  failed,     // they have not: SERVFAIL
  blocked,    // a rule forbids the name
  prohibited, // more than the limit of questions
  last
};

std::string_view to_string(dns_outcome what) noexcept;

struct dns_tally {
  /// The upper bounds of the classes of `within`, which has one more for what
  /// took longer.
  static constexpr std::array<std::chrono::microseconds, 10> bounds{
    {std::chrono::microseconds{500}, std::chrono::milliseconds{1},
     std::chrono::microseconds{2500}, std::chrono::milliseconds{5},
     std::chrono::milliseconds{10}, std::chrono::milliseconds{25},
     std::chrono::milliseconds{100}, std::chrono::milliseconds{500},
     std::chrono::milliseconds{2500}, std::chrono::seconds{10}}};

  void add(std::chrono::microseconds latency);

  std::array<uint64_t, static_cast<size_t>(dns_outcome::last)> outcomes{};
  /// How long others took, by class; each answer is in one.
  std::array<uint64_t, bounds.size() + 1> within{};
  std::chrono::microseconds sum{0};
};

struct tally {
  flow_tally& of(direction way, protocol proto) {
    return flows[static_cast<size_t>(way)][static_cast<size_t>(proto)];
  }
  const flow_tally& of(direction way, protocol proto) const {
    return flows[static_cast<size_t>(way)][static_cast<size_t>(proto)];
  }

  std::array<std::array<flow_tally, 3>, 2> flows;
  /// Of published ports, by the id in the tree; part of the above.
  std::map<std::string, flow_tally> ports;
  dns_tally names;
  /// Rebirths of its actors, by their place: a session has none.
  std::map<std::string, uint64_t> restarts;
};

/// Shared by those who count, on one thread, one after the other.
using tally_ptr = std::shared_ptr<tally>;

/// What was counted, under a name.
struct named_tally {
  std::string name;
  tally counts;
};

/// All that was counted of a supervisor, at one moment.
struct metrics {
  std::vector<named_tally> containers;
  std::vector<named_tally> forwards;
  /// Rebirths of the root's children.
  std::map<std::string, uint64_t> restarts;
  /// Of the cache of DNS answers.
  uint64_t cached = 0;
  uint64_t cache_hits = 0;
  uint64_t cache_misses = 0;
  /// What each relay loop has had of a processor.
  std::vector<std::chrono::microseconds> relays;
  uint64_t actors = 0;
};

} // namespace pier
