#pragma once

/// The last news, numbered without gaps: what a client sees that comes late,
/// and what one that reads slowly catches up from. Bounded; the oldest go
/// first. INTERNAL to tools/control.

#include "messages/container.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace pier::control {

class journal {
public:
  static constexpr size_t most = 4096;

  /// Writes it down, at this time, in milliseconds since the epoch, if nobody
  /// has yet; answers it as it stands there.
  const event& add(event what, int64_t now);

  /// The number of the oldest that is kept, and that of the next to come.
  uint64_t begin() const noexcept {
    return end() - kept_.size();
  }
  uint64_t end() const noexcept {
    return next_;
  }

  /// `number` lies between the two.
  const event& at(uint64_t number) const {
    return kept_[number - begin()];
  }

private:
  std::deque<event> kept_;
  uint64_t next_ = 0;
};

} // namespace pier::control
