#include "actors/forward.hpp"

#include "actors/sessions.hpp"

#include <caf/all.hpp>

#include <utility>

namespace pier::actors {

const char* forward_state::name = "forward";

namespace {

using pointer = forward_actor::stateful_pointer<forward_state>;

/// Nobody forbids or counts what clients of the host's begin.
void add_sessions(pointer self) {
  self->state.children->add({forward_state::sessions_id, [self] {
                               const auto& args = self->state.args;
                               return caf::actor_cast<caf::actor>(self->spawn(
                                 sessions, args.network, net::guest_network{},
                                 guest_limits{}, guest_rules{}, args.counted,
                                 args.news.below(forward_state::sessions_id)));
                             }});
}

void open(pointer self) {
  auto& state = self->state;
  const auto& listen = state.args.listen;
  auto refuse = [&](const error& why) {
    state.loan.reset();
    state.refuse(why.text);
    caf::delayed_anon_send(
      forward_actor{self}, state.pause.next(), atom::open::value);
  };
  auto port = state.args.network->reserve(listen, std::nullopt);
  if (!port)
    return refuse(port.error());
  state.loan = (*port)->borrow(
    [me = forward_actor{self}](const arrival& client) {
      caf::anon_send(me, atom::held::value, client);
    });
  if ((*port)->paused)
    return;
  if (auto opened = (*port)->open(listen.port); !opened) {
    // The next try begins anew.
    state.args.network->release(listen);
    return refuse(opened.error());
  }
  state.open = true;
  state.pause.reset();
  state.recover();
}

caf::result<uint64_t> obey(pointer self, const act& what) {
  auto& state = self->state;
  const auto& listen = state.args.listen;
  if (listen.is_unix())
    return to_caf(
      {ec::not_supported,
       "forward " + to_string(listen)
         + " cannot be paused, since a Unix socket that is shut never opens "
           "again: take the forward out of the settings"});
  auto port = state.args.network->reserve(listen, std::nullopt);
  if (!port)
    return to_caf(port.error());
  (*port)->paused = what.what != act::kind::resume;
  if (!(*port)->paused && !state.open)
    open(self);
  if (!(*port)->paused)
    return uint64_t{0};
  (*port)->park(listen.port);
  state.open = false;
  auto sessions = state.sessions();
  if (what.what != act::kind::drain || !sessions)
    return uint64_t{0};
  return self->delegate(
    sessions, atom::drain::value, std::string{}, what.patience);
}

std::vector<ip_address>
addresses_of(const net::network& network, const std::string& container) {
  for (const auto& each : network.occupied())
    if (
      each->spec().name == container
      && each->spec().network == network_mode::bridge)
      return each->address().addresses();
  return {};
}

/// Nowhere: its container is not there.
std::vector<endpoint> find_targets(pointer self) {
  auto& state = self->state;
  const auto& to = state.args.what.to;
  if (to.container.empty())
    return {to.at};
  auto addresses = addresses_of(*state.args.network, to.container);
  std::vector<endpoint> out;
  out.reserve(addresses.size());
  for (const auto& ip : addresses)
    out.push_back({ip, to.at.port});
  state.led[to.container] = std::move(addresses);
  return out;
}

void hear_client(pointer self, const arrival& client) {
  auto& state = self->state;
  auto& network = *state.args.network;
  const auto& what = state.args.what;
  auto sessions = state.sessions();
  if (!sessions) {
    state.waiting.push_back(client);
    return;
  }
  ++state.served;
  auto targets = find_targets(self);
  if (targets.empty()) {
    ++state.refused;
    ++state.args.counted->of(direction::inbound, client.what.proto)
        .refused[ec::refused];
    network.decline(client.number, ec::refused);
    return state.refuse(
      "no container " + what.to.container + " is there: see pier ps");
  }
  state.recover();
  network.lead(
    client.number,
    {!what.to.container.empty(), what.to.path, what.proxy_protocol});
  auto known = client;
  known.what.guest = targets.front();
  caf::anon_send(
    sessions, atom::admit::value, std::move(known), std::move(targets),
    std::string{});
}

caf::result<uint64_t> weigh(pointer self) {
  if (auto sessions = self->state.sessions())
    return self->delegate(sessions, atom::weigh::value);
  return uint64_t{0};
}

caf::result<forward_info> enumerate(pointer self) {
  auto promise = self->make_response_promise<forward_info>();
  auto info = self->state.info();
  auto sessions = self->state.sessions();
  if (!sessions)
    return info;
  self->request(sessions, caf::infinite, atom::weigh::value)
    .then(
      [promise, info](uint64_t clients) mutable {
        info.clients = clients;
        promise.deliver(std::move(info));
      },
      [promise, info](const caf::error&) mutable {
        promise.deliver(std::move(info));
      });
  return promise;
}

void hear_vacated(pointer self, const std::vector<ip_address>& addresses) {
  if (auto sessions = self->state.sessions())
    caf::anon_send(sessions, atom::vacated::value, addresses);
}

void hear_ended(pointer self, const std::string& container) {
  if (auto where = self->state.led.extract(container))
    hear_vacated(self, where.mapped());
}

} // namespace

health forward_state::describe() const {
  health out;
  if (!refusal.empty())
    out.state = refusal;
  else if (!open)
    out.state = "paused";
  out.facts.emplace_back("to", to_string(args.what.to));
  out.facts.emplace_back("clients", std::to_string(served));
  if (refused > 0)
    out.facts.emplace_back("refused", std::to_string(refused));
  return out;
}

forward_info forward_state::info() const {
  return {args.listen, args.what, refusal, open, 0, served, refused};
}

sessions_actor forward_state::sessions() {
  return caf::actor_cast<sessions_actor>(children->child(sessions_id));
}

void forward_state::refuse(const std::string& why) {
  if (std::exchange(refusal, why) != why)
    args.news(
      {event::kind::forward_refused,
       {},
       to_string(args.listen) + " -> " + to_string(args.what.to) + ": " + why});
}

void forward_state::recover() {
  if (!std::exchange(refusal, {}).empty())
    args.news(
      {event::kind::forward_up,
       {},
       to_string(args.listen) + " -> " + to_string(args.what.to)});
}

forward_actor::behavior_type forward(pointer self, forward_args args) {
  auto& state = self->state;
  state.args = std::move(args);
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, state.args.news);
  state.children->describe = [self] { return self->state.describe(); };
  state.children->on_born = [self](const std::string&, const caf::actor&) {
    for (const auto& each : std::exchange(self->state.waiting, {}))
      caf::anon_send(forward_actor{self}, atom::held::value, each);
  };
  state.children->on_restart = [self](const std::string& id) {
    ++self->state.args.counted->restarts[id];
  };
  add_sessions(self);
  open(self);
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_find(self),
    on_act_path(self),
    on_revive(self),
    on_grace(self),
    [self](atom::adopt, const forward_spec& what) {
      self->state.args.what = what;
    },
    [self](atom::weigh) { return weigh(self); },
    [self](atom::enumerate) { return enumerate(self); },
    [self](atom::tally verb) -> caf::result<done_t> {
      if (auto sessions = self->state.sessions())
        return self->delegate(sessions, verb);
      return done_t{};
    },
    [self](atom::obey, const act& what) { return obey(self, what); },
    [self](atom::ended, const std::string& container) {
      hear_ended(self, container);
    },
    [self](atom::vacated, const std::vector<ip_address>& addresses) {
      hear_vacated(self, addresses);
    },
    [self](atom::held, const arrival& client) { hear_client(self, client); },
    [self](atom::open) {
      if (!self->state.open)
        open(self);
    },
  };
}

} // namespace pier::actors
