#include "actors/container.hpp"

#include "actors/container_capture.hpp"
#include "actors/container_children.hpp"
#include "actors/container_ports.hpp"
#include "actors/container_why.hpp"
#include "actors/runtime/refusal.hpp"
#include "config/container_rules.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <csignal>

namespace pier::actors {

namespace {

using pointer = container_pointer;
using phase = container_state::phase;

/// How long a new container waits for the gateway to come up.
constexpr std::chrono::seconds gateway_deadline{20};

/// Its address is another one.
void move(pointer self) {
  announce(self);
  retell_ports(self);
  tell_captures(self);
}

// -- the end ------------------------------------------------------------------

/// Closes everything. What may not be left in anybody's hands leaves first:
/// ports (nobody new comes in), sessions, then the premises as a whole.
void end(pointer self) {
  auto& state = self->state;
  if (state.now == phase::ending)
    return;
  state.now = phase::ending;
  state.children->end_children([self] {
    report_closed(self);
    self->state.args.premises->vacate(
      [me = container_actor{self}](std::vector<std::string> leftovers) {
        caf::anon_send(me, atom::vacated::value, std::move(leftovers));
      });
  });
}

void hear_vacated(pointer self, const std::vector<std::string>& leftovers) {
  auto& state = self->state;
  auto info = state.args.premises->info();
  if (info.failure.empty())
    info.failure = state.refusal.text;
  for (const auto& each : leftovers)
    self->state.report(event::kind::fault, "left behind: " + each);
  for (auto& promise : state.opening)
    promise.deliver(to_caf(
      state.refusal.code == ec::ok
        ? error{ec::stopped, "container " + info.name + " was stopped"}
        : state.refusal));
  for (auto& promise : state.stopping) {
    if (leftovers.empty())
      promise.deliver(done_t{});
    else
      promise.deliver(to_caf(
        {ec::failed,
         "container " + info.name + " left behind: " + leftovers.front()}));
  }
  caf::anon_send(state.args.parent, atom::ended::value, std::move(info));
  self->quit();
}

void refuse(pointer self, const error& why) {
  self->state.refusal = why;
  end(self);
}

// -- requests -----------------------------------------------------------------

void start(pointer self, ticket stdio) {
  auto& premises = *self->state.args.premises;
  if (self->state.now != phase::starting)
    return self->state.args.network->discard(stdio);
  premises.start(stdio);
}

void open(pointer self, ticket stdio) {
  auto& state = self->state;
  auto& premises = *state.args.premises;
  state.now = phase::starting;
  self->state.report(event::kind::created, "created");
  for (const auto& spec : config::published_specs(premises.spec())) {
    auto reserved = reserve(self, spec);
    if (!reserved) {
      state.args.network->discard(stdio);
      return refuse(self, reserved.error());
    }
    add_port(self, *reserved);
  }
  if (premises.spec().network != network_mode::bridge)
    return start(self, stdio);
  self->request(state.args.gateway, gateway_deadline, atom::await::value)
    .then(
      [self, stdio](done_t) { start(self, stdio); },
      [self, stdio](const caf::error& why) {
        self->state.args.network->discard(stdio);
        refuse(self, from_caf(why));
      });
}

/// SIGTERM, and in time SIGKILL. A stop that has begun goes on, whatever
/// becomes of the actor that began it.
void press(pointer self) {
  auto& state = self->state;
  auto& premises = *state.args.premises;
  state.now = phase::stopping;
  auto now = self->clock().now();
  if (!premises.overdue) {
    premises.overdue = now + state.args.with->timeouts.stop;
    premises.signal(SIGTERM);
  }
  caf::delayed_anon_send(
    container_actor{self}, std::max(*premises.overdue - now, {}),
    atom::overdue::value);
}

caf::result<done_t> stop(pointer self) {
  auto& state = self->state;
  auto promise = self->make_response_promise<done_t>();
  state.stopping.emplace_back(promise);
  if (state.now == phase::running && !state.args.premises->spec().attached()) {
    press(self);
  } else if (state.now != phase::stopping) {
    end(self);
  }
  return promise;
}

template <class Verb>
caf::result<uint64_t>
ask_sessions(pointer self, Verb verb, const flow_terms& by) {
  if (auto sessions = self->state.sessions())
    return self->delegate(sessions, verb, by);
  return uint64_t{0};
}

// -- news of the premises -----------------------------------------------------

void hear(pointer self, const premises_event& news) {
  auto& state = self->state;
  switch (news.what) {
    case premises_event::kind::started: {
      if (state.now == phase::created || state.now == phase::starting)
        state.now = phase::running;
      if (state.args.premises->overdue)
        press(self);
      auto info = state.args.premises->info();
      for (auto& promise : state.opening)
        promise.deliver(info);
      if (!state.opening.empty())
        self->state.report(event::kind::started, "started");
      state.opening.clear();
      break;
    }
    case premises_event::kind::not_started:
      refuse(self, news.why);
      break;
    case premises_event::kind::exited:
      self->state.report(
        event::kind::exited,
        "exited with status " + std::to_string(news.status));
      end(self);
      break;
    case premises_event::kind::listening:
      state.services = service_index{news.services};
      tell_ports(self);
      break;
  }
}

} // namespace

container_actor::behavior_type container(pointer self, container_args args) {
  auto& state = self->state;
  state.args = std::move(args);
  state.children.emplace(
    self, state.name, fate::younger, restart_budget{}, state.args.news);
  state.children->describe = [self] { return self->state.describe(); };
  state.children->on_order = [self](const caf::error&) { end(self); };
  state.children->on_born = [self](const std::string& id, const caf::actor&) {
    if (id != container_state::sessions_id)
      return;
    announce(self);
    tell_sessions(self);
  };
  state.children->on_restart = [self](const std::string& id) {
    ++self->state.args.premises->counted->restarts[id];
  };
  add_sessions(self);
  add_agent(self);
  for (const auto& port : state.args.premises->ports())
    add_port(self, port);
  state.args.premises->watch(
    [me = container_actor{self}](const premises_event& news) {
      caf::anon_send(me, atom::happened::value, news);
    });
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_find(self),
    on_act_path(self),
    on_revive(self),
    on_grace(self),
    [self](atom::open, ticket stdio) -> caf::result<container_info> {
      auto promise = self->make_response_promise<container_info>();
      self->state.opening.emplace_back(promise);
      open(self, stdio);
      return promise;
    },
    [self](atom::stop) { return stop(self); },
    [self](atom::signal, int number) -> caf::result<done_t> {
      self->state.args.premises->signal(number);
      return done_t{};
    },
    [self](atom::publish, const port_spec& spec) {
      return publish(self, spec);
    },
    [self](atom::unpublish, const port_spec& spec) {
      return unpublish(self, spec);
    },
    [self](atom::meet, const gateway_actor& gateway, const dns_actor& dns) {
      self->state.args.gateway = gateway;
      self->state.args.dns = dns;
      announce(self);
    },
    [self](atom::adopt verb, const flow_terms& by) {
      if (by.rules) {
        self->state.args.rules = by.rules;
        tell_sessions(self);
        tell_agent(self);
      }
      if (by.addresses)
        move(self);
      return ask_sessions(self, verb, by);
    },
    [self](atom::weigh verb, const flow_terms& by) {
      return ask_sessions(self, verb, by);
    },
    [self](atom::adopt verb, const settings_ptr& by) {
      auto was = std::exchange(self->state.args.with, by);
      if (auto sessions = self->state.sessions())
        caf::anon_send(sessions, verb, by->limits);
      if (by->ports != was->ports)
        adopt_ports(self, by->ports);
    },
    [self](atom::flows verb) -> caf::result<std::vector<flow_info>> {
      if (auto sessions = self->state.sessions())
        return self->delegate(sessions, verb);
      return std::vector<flow_info>{};
    },
    [self](atom::tally verb) -> caf::result<done_t> {
      if (auto sessions = self->state.sessions())
        return self->delegate(sessions, verb);
      return done_t{};
    },
    [self](atom::obey, const act& what) { return obey(self, what); },
    [self](atom::explain, const destination& to) { return explain(self, to); },
    [self](atom::explain, const host_port& at) { return explain(self, at); },
    [self](atom::capture, const capture_wish& what) {
      return begin_capture(self, what);
    },
    [self](atom::happened, const premises_event& news) { hear(self, news); },
    [self](atom::overdue) {
      if (self->state.now == phase::stopping)
        self->state.args.premises->signal(SIGKILL);
    },
    [self](atom::vacated, const std::vector<std::string>& leftovers) {
      hear_vacated(self, leftovers);
    },
  };
}

} // namespace pier::actors
