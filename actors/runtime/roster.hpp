#pragma once

/// Who the children of a supervisor are: pure bookkeeping, no messages.

#include "actors/runtime/child_spec.hpp"

#include <caf/actor_addr.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pier::actors {

/// When somebody died, as far back as his budget looks: a few times, and of
/// most never. An empty deque would take half a kilobyte of each session.
using death_record = std::vector<std::chrono::steady_clock::time_point>;

/// How a child is, between its incarnations too.
enum class presence : uint8_t {
  up,
  leaving, // told to end
  paused,  // dead, waits for its pause to pass
  due,     // dead, born again as soon as all leavers have left
};

/// One child, through all its incarnations.
struct slot {
  uint64_t serial = 0;
  child_spec spec;
  /// Null between death and rebirth.
  caf::actor child;
  presence now = presence::up;
  /// Of those that leave: then they are killed.
  std::chrono::steady_clock::time_point grace_ends;
  /// Its place goes with it.
  bool removed = false;
  /// It dies by a person's hand: what is said of its death.
  std::string last_words;
  /// It dies to be born again, and this hears of it.
  std::function<void()> renewed;
  uint64_t restarts = 0;
  death_record deaths;
};

/// The children in order of birth: serials only grow.
class roster {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = time_point::duration;

  slot& add(child_spec spec);
  void born(slot& where, caf::actor child);

  /// Empties the slot of whoever died; null: none of ours.
  slot* died(const caf::actor_addr& who);

  void erase(uint64_t serial);

  slot* find(uint64_t serial);
  slot* find(std::string_view id);

  /// The child whose id is `path`, or a prefix of it up to a slash.
  slot* on_path(std::string_view path);

  /// Notes a death; the pause before rebirth, or nothing when the budget is
  /// spent.
  static std::optional<std::chrono::milliseconds> pause_after_death(
    death_record& deaths, const restart_budget& budget, time_point now);

  std::map<uint64_t, slot>& slots() noexcept {
    return slots_;
  }
  const std::map<uint64_t, slot>& slots() const noexcept {
    return slots_;
  }

private:
  std::map<uint64_t, slot> slots_;
  std::unordered_map<caf::actor_id, uint64_t> by_actor_;
  uint64_t last_serial_ = 0;
};

} // namespace pier::actors
