#include "net/gateway/refusal_budget.hpp"

#include <algorithm>
#include <iterator>

namespace pier::net {

void refusal_budget::ask(const ip_address& guest) {
  ++accounts_[guest].asked;
}

void refusal_budget::answer(const ip_address& guest) {
  auto found = accounts_.find(guest);
  if (found == accounts_.end())
    return;
  --found->second.asked;
  if (found->second.is_even())
    accounts_.erase(found);
}

void refusal_budget::spend(const ip_address& guest) {
  ++accounts_[guest].owed;
}

bool refusal_budget::is_spent(const ip_address& guest) const {
  auto found = accounts_.find(guest);
  if (found == accounts_.end())
    return false;
  const auto& [owed, asked] = found->second;
  return owed > 0 && owed + asked >= at_once;
}

void refusal_budget::recover() {
  for (auto each = accounts_.begin(); each != accounts_.end();) {
    auto& its = each->second;
    its.owed = std::max(its.owed - each_time, 0);
    each = its.is_even() ? accounts_.erase(each) : std::next(each);
  }
}

bool refusal_budget::is_whole() const noexcept {
  return std::none_of(accounts_.begin(), accounts_.end(), [](const auto& each) {
    return each.second.owed > 0;
  });
}

} // namespace pier::net
