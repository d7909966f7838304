#include "actors/container.hpp"

#include "actors/published_port.hpp"
#include "actors/runtime/refusal.hpp"
#include "actors/sessions.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <csignal>

namespace pier::actors {

const char* container_state::name = "container";

namespace {

using pointer = container_actor::stateful_pointer<container_state>;
using phase = container_state::phase;

constexpr auto sessions_id = "sessions";

/// How long a new container waits for the gateway to come up.
constexpr std::chrono::seconds gateway_deadline{20};

sessions_actor sessions_of(pointer self) {
  return caf::actor_cast<sessions_actor>(
    self->state.children->child(sessions_id));
}

/// Makes the sessions known to those who have flows and questions for them.
void announce(pointer self) {
  const auto& args = self->state.args;
  auto info = args.premises->info();
  auto sessions = sessions_of(self);
  if (info.network != network_mode::bridge || !sessions)
    return;
  if (args.gateway)
    caf::anon_send(
      args.gateway, atom::house::value, info.name, info.address, sessions);
  if (args.dns)
    caf::anon_send(
      args.dns, atom::house::value, info.name, info.address, sessions);
}

void report(pointer self, event::kind what, std::string text) {
  const auto& args = self->state.args;
  args.news({what, args.premises->spec().name, std::move(text)});
}

// -- children -----------------------------------------------------------------

void add_sessions(pointer self) {
  self->state.children->add({sessions_id, [self] {
                               const auto& args = self->state.args;
                               auto child = self->spawn(
                                 sessions, args.network,
                                 net::plan_network(*args.with),
                                 args.with->pending_limit, args.news);
                               return caf::actor_cast<caf::actor>(child);
                             }});
}

/// The id under which a port stands in the tree.
std::string id_of(const port_spec& spec) {
  return "port " + to_string(spec);
}

void add_port(pointer self, const std::shared_ptr<net::port>& which) {
  self->state.children->add(
    {id_of(which->spec()), [self, which] {
       const auto& args = self->state.args;
       auto child = self->spawn(
         published_port, which, sessions_of(self),
         args.premises->info().address, args.with->ready);
       caf::anon_send(child, atom::serving::value, self->state.services);
       return caf::actor_cast<caf::actor>(child);
     }});
}

void tell_ports(pointer self) {
  for (const auto& port : self->state.args.premises->ports()) {
    auto child = self->state.children->child(id_of(port->spec()));
    if (child)
      caf::anon_send(
        caf::actor_cast<published_port_actor>(child), atom::serving::value,
        self->state.services);
  }
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
    report(self, event::kind::fault, "left behind: " + each);
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

/// The specs of `-p` and, with `-P`, each exposed port that no `-p` covers.
std::vector<port_spec> specs_of(const container_spec& spec) {
  auto all = spec.publish;
  if (!spec.publish_all)
    return all;
  auto covered = [&](protocol proto, uint16_t number) {
    return std::any_of(all.begin(), all.end(), [&](const port_spec& each) {
      return each.proto == proto && each.container.first <= number
             && number <= each.container.last;
    });
  };
  for (const auto& exposed : spec.expose)
    for (unsigned n = exposed.container.first; n <= exposed.container.last;
         ++n) {
      auto number = static_cast<uint16_t>(n);
      if (covered(exposed.proto, number))
        continue;
      auto one = exposed;
      one.container = {number, number};
      all.push_back(one);
    }
  return all;
}

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
  report(self, event::kind::created, "created");
  for (const auto& spec : specs_of(premises.spec())) {
    auto reserved = premises.reserve(spec);
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

caf::result<std::vector<bound_port>>
publish(pointer self, const port_spec& spec) {
  auto& state = self->state;
  auto& premises = *state.args.premises;
  if (premises.spec().network != network_mode::bridge)
    return to_caf(
      {ec::bad_request,
       "container " + premises.spec().name
         + " has no network of its own to publish from"});
  auto reserved = premises.reserve(spec);
  if (!reserved)
    return to_caf(reserved.error());
  add_port(self, *reserved);
  return (*reserved)->bound();
}

caf::result<done_t> unpublish(pointer self, const port_spec& spec) {
  auto& state = self->state;
  for (const auto& port : state.args.premises->ports()) {
    if (port->spec() != spec)
      continue;
    auto promise = self->make_response_promise<done_t>();
    state.children->remove(id_of(spec), [self, port, promise]() mutable {
      self->state.args.premises->release(port);
      promise.deliver(done_t{});
    });
    return promise;
  }
  return to_caf(
    {ec::no_such_port,
     "container " + state.args.premises->spec().name + " does not publish "
       + to_string(spec) + ": see pier port "
       + state.args.premises->spec().name});
}

caf::result<done_t> stop(pointer self) {
  auto& state = self->state;
  state.stopping.push_back(self->make_response_promise<done_t>());
  if (state.now == phase::running && !state.args.premises->spec().attached()) {
    state.now = phase::stopping;
    state.args.premises->signal(SIGTERM);
    caf::delayed_anon_send(
      container_actor{self}, state.args.with->stop_grace, atom::overdue::value);
  } else if (state.now != phase::stopping) {
    end(self);
  }
  return state.stopping.back();
}

// -- news of the premises -----------------------------------------------------

void hear(pointer self, const premises_event& news) {
  auto& state = self->state;
  switch (news.what) {
    case premises_event::kind::started: {
      if (state.now == phase::created || state.now == phase::starting)
        state.now = phase::running;
      auto info = state.args.premises->info();
      for (auto& promise : state.opening)
        promise.deliver(info);
      if (!state.opening.empty())
        report(self, event::kind::started, "started");
      state.opening.clear();
      break;
    }
    case premises_event::kind::not_started:
      refuse(self, news.why);
      break;
    case premises_event::kind::exited:
      report(
        self, event::kind::exited,
        "exited with status " + std::to_string(news.status));
      end(self);
      break;
    case premises_event::kind::listening:
      state.services = news.services;
      tell_ports(self);
      break;
  }
}

const char* to_text(phase now) {
  switch (now) {
    case phase::created:
    case phase::starting:
      return "starting";
    case phase::running:
      return "up";
    default:
      return "stopping";
  }
}

} // namespace

health container_state::describe() const {
  health out;
  auto info = args.premises->info();
  out.state = to_text(now);
  if (info.network == network_mode::bridge)
    out.facts.emplace_back("address", to_string(info.address.v4));
  else
    out.facts.emplace_back("network", std::string{to_string(info.network)});
  if (info.pid != 0)
    out.facts.emplace_back("pid", std::to_string(info.pid));
  return out;
}

container_actor::behavior_type container(pointer self, container_args args) {
  auto& state = self->state;
  state.args = std::move(args);
  state.children.emplace(
    self, state.name, fate::younger, restart_budget{}, state.args.news);
  state.children->describe = [self] { return self->state.describe(); };
  state.children->on_order = [self](const caf::error&) { end(self); };
  state.children->on_born = [self](const std::string& id, const caf::actor&) {
    if (id == sessions_id)
      announce(self);
  };
  add_sessions(self);
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
    on_revive(self),
    on_overdue(self),
    [self](atom::open, ticket stdio) -> caf::result<container_info> {
      auto promise = self->make_response_promise<container_info>();
      self->state.opening.push_back(promise);
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
