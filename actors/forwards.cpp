#include "actors/forwards.hpp"

#include "actors/runtime/count_from.hpp"

#include <caf/all.hpp>

#include <functional>

namespace pier::actors {

const char* forwards_state::name = "forwards";

namespace {

using pointer = forwards_actor::stateful_pointer<forwards_state>;

/// Hears how many flows have ended, once.
using counter = std::function<void(uint64_t)>;

forward_actor child_of(pointer self, const listen_address& at) {
  return caf::actor_cast<forward_actor>(
    self->state.children->child(to_string(at)));
}

tally_ptr tally_of(pointer self, const listen_address& at) {
  auto& found = self->state.args.network->forwarded[at];
  if (!found)
    found = std::make_shared<tally>();
  return found;
}

void add(pointer self, const listen_address& at) {
  self->state.children->add(
    {to_string(at), [self, at] {
       const auto& args = self->state.args;
       return caf::actor_cast<caf::actor>(self->spawn(
         forward,
         forward_args{
           args.network, at, args.all.at(at), tally_of(self, at),
           args.news.below(to_string(at))}));
     }});
}

/// Where nobody listens any more the next one may.
void release(pointer self, const listen_address& at) {
  if (self->state.args.all.count(at) > 0)
    return;
  self->state.args.network->release(at);
  self->state.args.network->forwarded.erase(at);
}

void give_up(pointer self, const std::string& id) {
  auto& state = self->state;
  for (const auto& [at, what] : state.args.all)
    if (to_string(at) == id) {
      state.given_up.insert(at);
      state.args.network->release(at);
    }
}

void put(pointer self, const listen_address& at, const forward_spec& what) {
  auto& state = self->state;
  auto is_new = state.args.all.insert_or_assign(at, what).second;
  if (is_new || state.given_up.erase(at) > 0)
    return add(self, at);
  // A dead one is reborn with what holds then.
  if (auto child = child_of(self, at))
    caf::anon_send(child, atom::adopt::value, what);
}

/// `done` hears when the place is free.
void take_away(pointer self, const listen_address& at, const counter& done) {
  self->state.args.all.erase(at);
  self->state.given_up.erase(at);
  auto remove = [self, at, done](uint64_t flows) {
    self->state.children->remove(to_string(at), [self, at, done, flows] {
      release(self, at);
      done(flows);
    });
  };
  count_from(self, child_of(self, at), remove, atom::weigh::value);
}

caf::result<uint64_t>
adopt(pointer self, const std::vector<forward_change>& changes) {
  gathering<uint64_t> all{self->make_response_promise<uint64_t>()};
  for (const auto& [at, is] : changes)
    if (is)
      put(self, at, *is);
    else
      take_away(self, at, [part = all.expect()](uint64_t flows) {
        part([flows](uint64_t& sum) { sum += flows; });
      });
  return all.answer();
}

caf::result<uint64_t>
weigh(pointer self, const std::vector<forward_change>& changes) {
  gathering<uint64_t> all{self->make_response_promise<uint64_t>()};
  for (const auto& [at, is] : changes)
    if (auto child = child_of(self, at); child && !is)
      all.ask<uint64_t>(
        self, child, [](uint64_t& sum, uint64_t flows) { sum += flows; },
        atom::weigh::value);
  return all.answer();
}

template <class Verb, class What>
void tell_all(pointer self, Verb verb, const What& what) {
  self->state.children->for_each(
    [&](const std::string&, const caf::actor& child) {
      caf::anon_send(caf::actor_cast<forward_actor>(child), verb, what);
    });
}

caf::result<std::vector<forward_info>> enumerate(pointer self) {
  using answer = std::vector<forward_info>;
  gathering<answer> all{self->make_response_promise<answer>()};
  for (const auto& [at, what] : self->state.args.all)
    if (auto child = child_of(self, at))
      all.ask<forward_info>(
        self, child,
        [](answer& sum, const forward_info& one) { sum.push_back(one); },
        atom::enumerate::value);
    else
      all.expect()([at = at, what = what](answer& sum) {
        sum.push_back({at, what, "it kept failing and was given up"});
      });
  return all.answer();
}

/// Once all that has been carried is counted.
caf::result<std::vector<named_tally>> count(pointer self) {
  using tallies = std::vector<named_tally>;
  gathering<tallies> all{self->make_response_promise<tallies>()};
  for (const auto& [at, counted] : self->state.args.network->forwarded) {
    auto add = [name = to_string(at), counted = counted](tallies& sum) {
      sum.push_back({name, *counted});
    };
    if (auto child = child_of(self, at))
      all.ask<done_t>(
        self, child, [add](tallies& sum, done_t) { add(sum); },
        atom::tally::value);
    else
      all.expect()(add);
  }
  return all.answer();
}

} // namespace

health forwards_state::describe() const {
  health out;
  out.facts.emplace_back("forwards", std::to_string(args.all.size()));
  if (!given_up.empty())
    out.facts.emplace_back("given up", std::to_string(given_up.size()));
  return out;
}

forwards_actor::behavior_type forwards(pointer self, forwards_args args) {
  auto& state = self->state;
  state.args = std::move(args);
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, state.args.news);
  state.children->describe = [self] { return self->state.describe(); };
  state.children->on_restart = [self](const std::string& id) {
    for (const auto& [at, counted] : self->state.args.network->forwarded)
      if (to_string(at) == id)
        ++counted->restarts[forward_state::name];
  };
  state.children->on_spent = [self](const std::string& id, const caf::error&) {
    give_up(self, id);
  };
  for (const auto& at : state.args.network->reserved())
    release(self, at);
  for (const auto& [at, what] : state.args.all)
    add(self, at);
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_find(self),
    on_act_path(self),
    on_revive(self),
    on_grace(self),
    [self](atom::adopt, const std::vector<forward_change>& changes) {
      return adopt(self, changes);
    },
    [self](atom::weigh, const std::vector<forward_change>& changes) {
      return weigh(self, changes);
    },
    [self](atom::enumerate) { return enumerate(self); },
    [self](atom::tally) { return count(self); },
    [self](atom::ended verb, const std::string& container) {
      tell_all(self, verb, container);
    },
    [self](atom::vacated verb, const std::vector<ip_address>& addresses) {
      tell_all(self, verb, addresses);
    },
  };
}

} // namespace pier::actors
