#pragma once

/// A file descriptor with one owner.

#include <unistd.h>

#include <utility>

namespace pier::net {

/// Owns a descriptor and closes it. Negative: none.
class fd {
public:
  fd() = default;
  explicit fd(int number) noexcept : number_(number) {}
  fd(fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  fd& operator=(fd&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  ~fd() {
    reset();
  }

  int get() const noexcept {
    return number_;
  }
  int release() noexcept {
    return std::exchange(number_, -1);
  }
  void reset() noexcept {
    if (number_ >= 0)
      ::close(number_);
    number_ = -1;
  }
  explicit operator bool() const noexcept {
    return number_ >= 0;
  }

private:
  int number_ = -1;
};

} // namespace pier::net
