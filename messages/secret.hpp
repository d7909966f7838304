#pragma once

/// A text that is meant for nobody's eyes: whatever prints it prints dots.

#include <string>
#include <string_view>
#include <utility>

namespace pier {

class secret {
public:
  secret() = default;
  explicit secret(std::string text) : text_(std::move(text)) {}

  /// For whoever must know it. What comes of it is not logged, either.
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

/// What stands for a secret wherever one is shown.
constexpr std::string_view redacted = "***";

inline std::string to_string(const secret& what) {
  return std::string{what.empty() ? std::string_view{} : redacted};
}

} // namespace pier
