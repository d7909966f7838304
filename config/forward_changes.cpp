#include "config/forward_changes.hpp"

namespace pier::config {

std::vector<forward_change>
forward_changes(const forwards& was, const forwards& is) {
  std::vector<forward_change> out;
  for (const auto& [at, what] : was)
    if (is.count(at) == 0)
      out.push_back({at, std::nullopt});
  for (const auto& [at, what] : is) {
    auto before = was.find(at);
    if (before == was.end() || before->second != what)
      out.push_back({at, what});
  }
  return out;
}

} // namespace pier::config
