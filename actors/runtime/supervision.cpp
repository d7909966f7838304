#include "actors/runtime/supervision.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace pier::actors {

namespace {

bool is_normal(const caf::error& why) {
  return !why || why == caf::exit_reason::normal;
}

} // namespace

supervision::supervision(
  caf::scheduled_actor* self, std::string kind, fate tie, restart_budget budget,
  reporter news)
  : self_(self),
    kind_(std::move(kind)),
    tie_(tie),
    budget_(budget),
    news_(std::move(news)) {
  install_manners(self);
  self->set_down_handler([this](caf::down_msg& death) { hear_death(death); });
  self->set_exit_handler([this](caf::exit_msg& order) {
    if (on_order)
      return on_order(order.reason);
    end_children([this, why = order.reason] { self_->quit(why); });
  });
}

supervision::~supervision() {
  for (auto& [serial, each] : roster_.slots())
    if (each.child)
      caf::anon_send_exit(each.child, caf::exit_reason::kill);
}

// -- children -----------------------------------------------------------------

void supervision::add(child_spec spec) {
  give_birth(roster_.add(std::move(spec)));
}

void supervision::adopt(std::string id, caf::actor child) {
  child_spec spec;
  spec.id = std::move(id);
  spec.when = restart::never;
  spec.apart = true;
  auto& where = roster_.add(std::move(spec));
  self_->monitor(child);
  roster_.born(where, std::move(child));
}

void supervision::give_birth(slot& where) {
  auto child = where.spec.make();
  self_->monitor(child);
  roster_.born(where, child);
  news_.log(log_level::debug, [&] { return where.spec.id + " is born"; });
  if (on_born)
    on_born(where.spec.id, child);
  if (auto done = std::exchange(where.renewed, nullptr))
    done();
}

void supervision::remove(std::string_view id, std::function<void()> done) {
  auto which = roster_.find(id);
  if (which == nullptr)
    return done();
  which->removed = true;
  if (!which->child) {
    roster_.erase(which->serial);
    return done();
  }
  removals_[which->serial] = std::move(done);
  dismiss(*which);
}

void supervision::for_each(
  const std::function<void(const std::string& id, const caf::actor&)>& what)
  const {
  for (const auto& [serial, each] : roster_.slots())
    if (each.child)
      what(each.spec.id, each.child);
}

caf::actor supervision::child(std::string_view id) {
  auto found = roster_.find(id);
  return found == nullptr ? caf::actor{} : found->child;
}

void supervision::end_children(std::function<void()> done) {
  ended_ = std::move(done);
  auto& slots = roster_.slots();
  std::erase_if(slots, [](const auto& each) { return !each.second.child; });
  if (!ending_ && tie_ == fate::alone)
    for (auto& [serial, each] : slots)
      dismiss(each);
  ending_ = true;
  settle();
}

void supervision::dismiss(slot& which) {
  if (which.now != presence::up)
    return;
  which.now = presence::leaving;
  which.grace_ends = self_->clock().now() + which.spec.grace;
  caf::anon_send_exit(which.child, caf::exit_reason::user_shutdown);
  time_grace(which.grace_ends);
}

void supervision::time_grace(roster::time_point end) {
  if (grace_timer_ && *grace_timer_ <= end)
    return;
  grace_timer_ = end;
  auto left = std::max(end - self_->clock().now(), roster::duration{});
  caf::delayed_anon_send(me(), left, atom::grace::value);
}

supervisor_actor supervision::me() const {
  return caf::actor_cast<supervisor_actor>(self_->ctrl());
}

// -- deaths -------------------------------------------------------------------

void supervision::hear_death(const caf::down_msg& death) {
  auto dead = roster_.died(death.source);
  if (dead == nullptr)
    return;
  auto serial = dead->serial;
  news_.log(log_level::debug, [&] {
    return dead->spec.id + " has ended"
      + (is_normal(death.reason) ? "" : ": " + caf::to_string(death.reason));
  });
  if (dead->removed || ending_) {
    roster_.erase(serial);
    if (auto found = removals_.find(serial); found != removals_.end()) {
      auto done = std::move(found->second);
      removals_.erase(found);
      done();
    }
    return settle();
  }
  if (dead->now == presence::leaving) {
    // It fell with an elder and is born again after it.
    dead->now = presence::due;
    return settle();
  }
  mourn(*dead, death.reason);
}

void supervision::mourn(slot& dead, const caf::error& why) {
  auto normal = is_normal(why);
  if (!normal && !dead.renewed)
    report_fault(dead, why);
  dead.last_words.clear();
  auto serial = dead.serial;
  auto id = dead.spec.id;
  auto again = dead.spec.when == restart::always
    || (dead.spec.when == restart::on_failure && !normal);
  if (!again) {
    roster_.erase(serial);
    if (on_gone)
      on_gone(id, why);
    return;
  }
  std::optional<std::chrono::milliseconds> pause;
  if (!dead.renewed) {
    auto now = self_->clock().now();
    pause = roster::pause_after_death(dead.deaths, budget_, now);
    if (!pause) {
      roster_.erase(serial);
      if (on_spent)
        return on_spent(id, why);
      return self_->quit(caf::make_error(
        caf::sec::runtime_error, "restart limit: " + kind_ + " lost " + id));
    }
  }
  ++dead.restarts;
  if (on_restart)
    on_restart(id);
  dead.now = pause ? presence::paused : presence::due;
  if (tie_ == fate::younger && !dead.spec.apart)
    for (auto& [later, each] : roster_.slots())
      if (later > serial && each.child && !each.spec.apart)
        dismiss(each);
  if (!pause)
    return settle();
  caf::delayed_anon_send(me(), *pause, atom::revive::value, serial);
}

void supervision::revive(uint64_t serial) {
  auto which = roster_.find(serial);
  if (which == nullptr || which->now != presence::paused || ending_)
    return;
  which->now = presence::due;
  settle();
}

void supervision::end_grace() {
  grace_timer_.reset();
  auto now = self_->clock().now();
  std::optional<roster::time_point> next;
  for (auto& [serial, each] : roster_.slots()) {
    if (!each.child || each.now != presence::leaving)
      continue;
    if (each.grace_ends <= now)
      caf::anon_send_exit(each.child, caf::exit_reason::kill);
    else
      next = next ? std::min(*next, each.grace_ends) : each.grace_ends;
  }
  if (next)
    time_grace(*next);
}

void supervision::report_fault(const slot& dead, const caf::error& why) {
  auto text = caf::to_string(why);
  if (!dead.last_words.empty())
    text = dead.last_words;
  else if (why.context().match_elements<std::string>())
    text = why.context().get_as<std::string>(0);
  news_(
    {event::kind::fault,
     {},
     kind_ + "/" + dead.spec.id + ": " + text,
     dead.spec.id});
}

/// Goes on with whatever waited for a death: the end, or a birth.
void supervision::settle() {
  auto& slots = roster_.slots();
  if (ending_) {
    if (slots.empty()) {
      if (auto done = std::exchange(ended_, nullptr))
        done();
    } else if (tie_ == fate::younger) {
      dismiss(slots.rbegin()->second);
    }
    return;
  }
  auto leaving = [](const auto& each) {
    return each.second.now == presence::leaving;
  };
  if (std::any_of(slots.begin(), slots.end(), leaving))
    return;
  for (auto& [serial, each] : slots) {
    if (each.now == presence::due)
      give_birth(each);
    else if (
      each.now == presence::paused && tie_ == fate::younger && !each.spec.apart)
      return; // The younger wait for their elder.
  }
}

} // namespace pier::actors
