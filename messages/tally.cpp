#include "messages/tally.hpp"

#include <algorithm>
#include <iterator>

namespace pier {

namespace {

constexpr std::string_view outcomes[] = {
  "own", "forwarded", "failed", "blocked", "prohibited"};

static_assert(
  std::size(outcomes) == static_cast<size_t>(dns_outcome::last),
  "every outcome has a name");

} // namespace

std::string_view to_string(dns_outcome what) noexcept {
  return outcomes[static_cast<size_t>(what)];
}

void dns_tally::add(std::chrono::microseconds latency) {
  auto found = std::lower_bound(bounds.begin(), bounds.end(), latency);
  ++within[static_cast<size_t>(found - bounds.begin())];
  sum += latency;
}

} // namespace pier
