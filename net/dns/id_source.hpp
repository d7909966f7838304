#pragma once

/// Ids of questions, unpredictable as RFC 5452 asks; the kernel is asked for
/// many at a time.

#include <sys/random.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace pier::net {

class id_source {
public:
  uint16_t next() {
    if (left_ == 0) {
      left_ = ids_.size();
      // So few bytes are given whole, once the machine is up.
      [[maybe_unused]] auto got = ::getrandom(
        ids_.data(), ids_.size() * sizeof(uint16_t), 0);
    }
    return ids_[--left_];
  }

private:
  std::array<uint16_t, 128> ids_{};
  size_t left_ = 0;
};

} // namespace pier::net
