#include "actors/runtime/roster.hpp"

#include <algorithm>

namespace pier::actors {

slot& roster::add(child_spec spec) {
  auto serial = ++last_serial_;
  auto& added = slots_[serial];
  added.serial = serial;
  added.spec = std::move(spec);
  return added;
}

void roster::born(slot& where, caf::actor child) {
  by_actor_[child.id()] = where.serial;
  where.child = std::move(child);
  where.now = presence::up;
}

slot* roster::died(const caf::actor_addr& who) {
  auto found = by_actor_.find(who.id());
  if (found == by_actor_.end())
    return nullptr;
  auto dead = find(found->second);
  by_actor_.erase(found);
  if (dead != nullptr)
    dead->child = nullptr;
  return dead;
}

void roster::erase(uint64_t serial) {
  slots_.erase(serial);
}

slot* roster::find(uint64_t serial) {
  auto found = slots_.find(serial);
  return found == slots_.end() ? nullptr : &found->second;
}

slot* roster::find(std::string_view id) {
  for (auto& [serial, each] : slots_)
    if (each.spec.id == id)
      return &each;
  return nullptr;
}

slot* roster::on_path(std::string_view path) {
  for (auto& [serial, each] : slots_) {
    const auto& id = each.spec.id;
    if (
      path.substr(0, id.size()) == id
      && (path.size() == id.size() || path[id.size()] == '/'))
      return &each;
  }
  return nullptr;
}

std::optional<std::chrono::milliseconds> roster::pause_after_death(
  death_record& deaths, const restart_budget& budget, time_point now) {
  deaths.push_back(now);
  std::erase_if(
    deaths, [&](time_point each) { return now - each > budget.within; });
  if (deaths.size() > budget.deaths)
    return std::nullopt;
  auto pause = budget.first_pause;
  for (size_t i = 1; i < deaths.size() && pause < budget.last_pause; ++i)
    pause *= 2;
  return std::min(pause, budget.last_pause);
}

} // namespace pier::actors
