#pragma once

/// Cancelling stops what has not happened yet. A wait that is over already, its
/// completion only queued behind others, is not called back: it would find its
/// owner gone.

#include <memory>
#include <utility>

namespace pier::net {

/// Role: a member of whoever waits on the loop; what it guards runs no more
/// once the two have died. For one thread, the loop's.
class lifeline {
public:
  lifeline() = default;
  lifeline(const lifeline&) = delete;
  lifeline& operator=(const lifeline&) = delete;

  template <class Handler>
  auto guard(Handler what) const {
    return [what = std::move(what),
            me = std::weak_ptr<const int>{held_}](auto&&... news) mutable {
      if (!me.expired())
        what(std::forward<decltype(news)>(news)...);
    };
  }

private:
  std::shared_ptr<const int> held_ = std::make_shared<const int>(0);
};

} // namespace pier::net
