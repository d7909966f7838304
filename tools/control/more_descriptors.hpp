#pragma once

/// A process that has given all its descriptors to connections must still hear
/// who asks it to end some.

#include <sys/resource.h>

#include <algorithm>

namespace pier::control {

/// Role: while it lives the process may have so many descriptors more, as far
/// as its hard limit goes.
class more_descriptors {
public:
  explicit more_descriptors(rlim_t count) {
    ::getrlimit(RLIMIT_NOFILE, &was_);
    auto more = was_;
    more.rlim_cur = std::min(was_.rlim_max, was_.rlim_cur + count);
    ::setrlimit(RLIMIT_NOFILE, &more);
  }
  ~more_descriptors() {
    ::setrlimit(RLIMIT_NOFILE, &was_);
  }

  more_descriptors(const more_descriptors&) = delete;
  more_descriptors& operator=(const more_descriptors&) = delete;

private:
  rlimit was_{};
};

} // namespace pier::control
