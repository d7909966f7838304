#pragma once

/// A client's place in the journal. It is told as much as leaves at once; what
/// it does not read waits in the journal, not here, so that it holds nothing
/// back: one that is too slow loses the oldest, and is told how many.
/// INTERNAL to tools/control.

#include "tools/control/channel.hpp"
#include "tools/control/journal.hpp"
#include "tools/control/protocol.hpp"

#include <functional>

namespace pier::control {

class follower {
public:
  /// `caught_up` is called once, when all that was kept at birth has been told.
  follower(
    const journal& from, news_wish what, std::function<void()> caught_up);

  /// Tells what there is, as long as the line has room.
  void tell(channel& line);

  bool has_caught_up() const noexcept {
    return !caught_up_;
  }

private:
  void catch_up();
  void tell_missed(channel& line);

  const journal& journal_;
  news_wish wish_;
  std::function<void()> caught_up_;
  uint64_t next_;
  /// Where what was kept at birth ends.
  uint64_t kept_until_;
};

} // namespace pier::control
