#include "tools/control/journal.hpp"

#include <utility>

namespace pier::control {

namespace {

/// A sentence is shorter; what is longer came from outside.
constexpr size_t longest_text = 4096;

} // namespace

const event& journal::add(event what, int64_t now) {
  if (what.at == 0)
    what.at = now;
  if (what.text.size() > longest_text)
    what.text.resize(longest_text);
  kept_.push_back(std::move(what));
  ++next_;
  if (kept_.size() > most)
    kept_.pop_front();
  return kept_.back();
}

} // namespace pier::control
