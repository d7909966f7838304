#pragma once

/// Text that must not be seen: it has no way into a stream or a message to a
/// person but by its name.

#include <string>
#include <utility>

namespace pier {

class secret {
public:
  secret() = default;
  explicit secret(std::string text) : text_(std::move(text)) {}

  /// For whoever sends it to the one that it is meant for, and nobody else.
  const std::string& reveal() const noexcept {
    return text_;
  }
  bool empty() const noexcept {
    return text_.empty();
  }

  friend bool operator==(const secret&, const secret&) = default;

private:
  std::string text_;
};

} // namespace pier
