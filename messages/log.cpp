#include "messages/log.hpp"

#include <iterator>

namespace pier {

namespace {

constexpr std::string_view levels[] = {"trace", "debug", "info",
                                       "warn",  "error", "off"};

static_assert(
  std::size(levels) == static_cast<size_t>(log_level::off) + 1,
  "every level has a name");

} // namespace

std::string_view to_string(log_level level) noexcept {
  return levels[static_cast<size_t>(level)];
}

std::optional<log_level> log_level_of(std::string_view word) noexcept {
  for (size_t i = 0; i < std::size(levels); ++i)
    if (levels[i] == word)
      return static_cast<log_level>(i);
  return std::nullopt;
}

} // namespace pier
