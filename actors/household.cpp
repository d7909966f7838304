#include "actors/household.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace pier::actors {

void household::enter(
  caf::scheduled_actor* self, const std::string& name, const lease& at,
  sessions_actor sessions) {
  if (auto old = entries_.find(name); old != entries_.end()) {
    if (old->second.sessions == sessions && old->second.at == at)
      return;
    if (old->second.sessions == sessions)
      self->demonitor(caf::actor_cast<caf::actor_addr>(sessions));
    forget(old);
  }
  self->monitor(sessions);
  for (const auto& ip : at.addresses())
    by_address_[ip] = sessions;
  entries_[name] = {at, std::move(sessions)};
}

bool household::leave(const caf::actor_addr& sessions) {
  auto found = std::find_if(
    entries_.begin(), entries_.end(),
    [&](const auto& each) { return each.second.sessions == sessions; });
  if (found == entries_.end())
    return false;
  forget(found);
  return true;
}

void household::forget(std::map<std::string, entry>::iterator which) {
  for (const auto& ip : which->second.at.addresses())
    if (by_address_[ip] == which->second.sessions)
      by_address_.erase(ip);
  entries_.erase(which);
}

const sessions_actor* household::at(const ip_address& guest) const {
  auto found = by_address_.find(guest);
  return found == by_address_.end() ? nullptr : &found->second;
}

} // namespace pier::actors
