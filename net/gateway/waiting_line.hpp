#pragma once

/// Who is next at the gate: one line a guest, and everybody's turn comes round.
/// A guest that floods the gate waits behind itself; its neighbour's first
/// packet waits for one of each other guest's, and not for all of them.

#include "messages/address.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>

namespace pier::net {

class waiting_line {
public:
  /// `most` of one guest may wait.
  explicit waiting_line(size_t most) : most_(most) {}

  /// False: too many of this guest's wait already.
  bool enter(const ip_address& guest, uint64_t id);

  /// Whose turn it is.
  std::optional<uint64_t> next();

  bool empty() const noexcept {
    return turns_.empty();
  }

private:
  size_t most_;
  std::map<ip_address, std::deque<uint64_t>> lines_;
  /// Those who have a line, in the order of their turns.
  std::list<ip_address> turns_;
};

} // namespace pier::net
