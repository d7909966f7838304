#include "config/spelling.hpp"

#include <algorithm>

namespace pier::config {

namespace {

/// No word of ours is longer, and the time is quadratic.
constexpr size_t longest = 64;

/// "warning" means "warn".
bool begins_alike(std::string_view a, std::string_view b) {
  constexpr size_t least = 3;
  return std::min(a.size(), b.size()) >= least
    && (a.starts_with(b) || b.starts_with(a));
}

} // namespace

size_t distance(std::string_view a, std::string_view b) {
  const auto columns = b.size() + 1;
  std::vector<size_t> cost((a.size() + 1) * columns);
  auto at = [&](size_t i, size_t k) -> size_t& {
    return cost[i * columns + k];
  };
  for (size_t i = 0; i <= a.size(); ++i)
    at(i, 0) = i;
  for (size_t k = 0; k <= b.size(); ++k)
    at(0, k) = k;
  for (size_t i = 1; i <= a.size(); ++i)
    for (size_t k = 1; k <= b.size(); ++k) {
      auto wrong = a[i - 1] == b[k - 1] ? size_t{0} : size_t{1};
      at(i, k) = std::min(
        {at(i - 1, k) + 1, at(i, k - 1) + 1, at(i - 1, k - 1) + wrong});
      if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
        at(i, k) = std::min(at(i, k), at(i - 2, k - 2) + 1);
    }
  return at(a.size(), b.size());
}

std::string
did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() > longest)
    return {};
  auto most = std::max<size_t>(word.size() / 3, 1);
  const std::string* nearest = nullptr;
  for (const auto& each : known)
    if (auto far = distance(word, each); far <= most && far < each.size()) {
      nearest = &each;
      most = far > 0 ? far - 1 : 0;
    }
  if (nearest == nullptr)
    for (const auto& each : known)
      if (begins_alike(word, each))
        nearest = &each;
  return nearest == nullptr ? std::string{}
                            : "; did you mean \"" + *nearest + "\"?";
}

} // namespace pier::config
