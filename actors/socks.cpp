#include "actors/socks.hpp"

#include "actors/runtime/gathering.hpp"
#include "actors/runtime/refusal.hpp"
#include "actors/sessions.hpp"
#include "actors/socks_course.hpp"

#include <caf/all.hpp>

#include <utility>

namespace pier::actors {

namespace {

using pointer = socks_pointer;

/// Nobody forbids or counts what clients of the host's begin.
void add_sessions(pointer self) {
  self->state.children->add({socks_state::sessions_id, [self] {
                               const auto& args = self->state.args;
                               return caf::actor_cast<caf::actor>(self->spawn(
                                 sessions, args.network, net::guest_network{},
                                 guest_limits{}, guest_rules{},
                                 args.network->outside,
                                 args.news.below(socks_state::sessions_id)));
                             }});
}

// -- the place ----------------------------------------------------------------

void open(pointer self) {
  auto& state = self->state;
  const auto& listen = state.args.with->socks.listen;
  if (!listen)
    return;
  auto& desk = state.args.network->socks();
  auto refuse = [&](const error& why) {
    state.loan.reset();
    if (std::exchange(state.refusal, why.text) != why.text)
      state.tell(why.text);
    caf::delayed_anon_send(
      socks_actor{self}, state.pause.next(), atom::open::value);
  };
  auto port = desk.reserve(*listen);
  if (!port)
    return refuse(port.error());
  state.at = listen;
  state.loan = (*port)->borrow([me = socks_actor{self}](const arrival& client) {
    caf::anon_send(me, atom::held::value, client);
  });
  if ((*port)->paused)
    return;
  if (auto opened = (*port)->open(listen->port); !opened) {
    desk.release(*listen);
    return refuse(opened.error());
  }
  state.open = true;
  state.refusal.clear();
  state.pause.reset();
  state.tell("takes clients in at " + to_string(*listen));
  // Of a file that cannot be read nobody is let in, and somebody is to know.
  const auto& users = state.args.with->socks.users;
  if (!users.empty())
    if (auto ok = desk.can_read_users(users); !ok)
      state.tell("lets nobody in: " + ok.error().text);
}

void close(pointer self) {
  auto& state = self->state;
  state.loan.reset();
  state.open = false;
  state.refusal.clear();
  if (auto was = std::exchange(state.at, std::nullopt))
    state.args.network->socks().release(*was);
}

void adopt(pointer self, const settings_ptr& by) {
  auto& state = self->state;
  auto was = std::exchange(state.args.with, by);
  state.guests = net::plan_network(by->network);
  state.args.network->socks().adopt(socks_terms_of(*by));
  if (was->socks.listen == by->socks.listen)
    return;
  auto is_on = state.open;
  close(self);
  if (by->socks.listen)
    open(self);
  else if (is_on)
    state.tell("is off");
}

caf::result<uint64_t> weigh(pointer self) {
  if (auto sessions = self->state.sessions())
    return self->delegate(sessions, atom::weigh::value);
  return uint64_t{0};
}

/// Once all that has been carried is counted.
caf::result<std::vector<named_tally>> count(pointer self) {
  using tallies = std::vector<named_tally>;
  gathering<tallies> all{self->make_response_promise<tallies>()};
  auto add = [counted = self->state.args.network->outside,
              at = self->state.at](tallies& sum) {
    if (at)
      sum.push_back({to_string(*at), *counted});
  };
  if (auto sessions = self->state.sessions())
    all.ask<done_t>(
      self, sessions, [add](tallies& sum, done_t) { add(sum); },
      atom::tally::value);
  else
    all.expect()(add);
  return all.answer();
}

caf::result<uint64_t> obey(pointer self, const act& what) {
  auto& state = self->state;
  if (!state.at)
    return to_caf(
      {ec::bad_request,
       "socks is off, so that there is nothing to pause: see socks.listen"});
  auto port = state.args.network->socks().reserve(*state.at);
  if (!port)
    return to_caf(port.error());
  (*port)->paused = what.what != act::kind::resume;
  if (!(*port)->paused && !state.open)
    open(self);
  if (!(*port)->paused)
    return uint64_t{0};
  (*port)->park(state.at->port);
  state.open = false;
  auto sessions = state.sessions();
  if (what.what != act::kind::drain || !sessions)
    return uint64_t{0};
  return self->delegate(
    sessions, atom::drain::value, std::string{}, what.patience);
}

} // namespace

socks_actor::behavior_type socks(pointer self, socks_args args) {
  auto& state = self->state;
  state.args = std::move(args);
  state.guests = net::plan_network(state.args.with->network);
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, state.args.news);
  state.children->describe = [self] { return self->state.describe(); };
  add_sessions(self);
  auto& desk = state.args.network->socks();
  for (const auto& at : desk.reserved())
    if (at != state.args.with->socks.listen)
      desk.release(at);
  desk.adopt(socks_terms_of(*state.args.with));
  open(self);
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_find(self),
    on_act_path(self),
    on_revive(self),
    on_grace(self),
    [self](atom::adopt, const settings_ptr& by) { adopt(self, by); },
    [self](atom::meet, const gateway_actor& gateway, const dns_actor& names) {
      self->state.gateway = gateway;
      self->state.dns = names;
    },
    [self](atom::weigh) { return weigh(self); },
    [self](atom::tally) { return count(self); },
    [self](atom::held, const arrival& client) { hear_client(self, client); },
    [self](atom::learned, const arrival& client, const found_name& what) {
      hear_learned(self, client, what);
    },
    [self](atom::open) {
      if (!self->state.open)
        open(self);
    },
    [self](atom::obey, const act& what) { return obey(self, what); },
  };
}

} // namespace pier::actors
