#include "net/lobby.hpp"

#include "net/circuit/flow_circuit.hpp"

namespace pier::net {

std::unique_ptr<caller> near_side::become_caller() {
  return nullptr;
}

ticket
lobby::enter(flow what, std::unique_ptr<near_side> who, const void* owner) {
  auto number = ++last_;
  waiting_.emplace(number, entry{what, std::move(who), owner});
  return number;
}

std::unique_ptr<near_side> lobby::leave(ticket number) {
  auto found = waiting_.find(number);
  if (found == waiting_.end())
    return nullptr;
  auto out = std::move(found->second.who);
  waiting_.erase(found);
  return out;
}

void lobby::lead(ticket number, const passage& how) {
  if (auto found = waiting_.find(number); found != waiting_.end())
    found->second.who->lead(how);
}

void lobby::clear(const void* owner) {
  std::erase_if(
    waiting_, [=](const auto& each) { return each.second.owner == owner; });
}

void lobby::refuse(const std::function<bool(const flow&)>& is_meant, ec why) {
  std::erase_if(waiting_, [&](const auto& each) {
    if (each.second.owner != nullptr || !is_meant(each.second.what))
      return false;
    each.second.who->refuse(why);
    return true;
  });
}

std::vector<arrival> lobby::waiting_at_gate() const {
  std::vector<arrival> out;
  for (const auto& [number, each] : waiting_)
    if (each.owner == nullptr)
      out.push_back({number, each.what});
  return out;
}

} // namespace pier::net
