#include "net/gateway/refusal_budget.hpp"

#include <iterator>

namespace pier::net {

void refusal_budget::spend(const ip_address& guest) {
  ++owed_[guest];
}

bool refusal_budget::is_spent(const ip_address& guest) const {
  auto found = owed_.find(guest);
  return found != owed_.end() && found->second >= at_once;
}

void refusal_budget::recover() {
  for (auto each = owed_.begin(); each != owed_.end();) {
    each->second -= each_time;
    each = each->second <= 0 ? owed_.erase(each) : std::next(each);
  }
}

} // namespace pier::net
