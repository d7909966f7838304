#include "actors/drains.hpp"

#include <caf/all.hpp>

#include <utility>

namespace pier::actors {

drains::~drains() {
  for (auto& [number, each] : entries_)
    each.owed.deliver(uint64_t{0});
}

uint64_t
drains::add(std::string port, caf::typed_response_promise<uint64_t> owed) {
  entries_.emplace(
    ++last_, entry{std::move(port), pledge<uint64_t>{std::move(owed)}});
  return last_;
}

void drains::settle(const counter& count) {
  for (auto each = entries_.begin(); each != entries_.end();) {
    if (count(each->second.port) > 0) {
      ++each;
      continue;
    }
    each->second.owed.deliver(uint64_t{0});
    each = entries_.erase(each);
  }
}

void drains::give_up(uint64_t number, const counter& count) {
  auto found = entries_.find(number);
  if (found == entries_.end())
    return;
  found->second.owed.deliver(count(found->second.port));
  entries_.erase(found);
}

} // namespace pier::actors
