#pragma once

/// Goes to a network namespace and comes back. For one thread, its own.

#include <sched.h>

namespace pier::net {

class excursion {
public:
  excursion(int there, int home) : home_(home) {
    there_ = ::setns(there, CLONE_NEWNET) == 0;
  }
  ~excursion() {
    if (there_)
      ::setns(home_, CLONE_NEWNET);
  }
  excursion(const excursion&) = delete;
  excursion& operator=(const excursion&) = delete;

  explicit operator bool() const noexcept {
    return there_;
  }

private:
  int home_;
  bool there_ = false;
};

} // namespace pier::net
