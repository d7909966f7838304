#include "actors/containers.hpp"

#include "actors/containers_flows.hpp"
#include "actors/runtime/gathering.hpp"
#include "actors/runtime/refusal.hpp"
#include "net/proxy/proxy_environment.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace pier::actors {

const char* containers_state::name = "containers";

namespace {

using pointer = containers_pointer;

/// Records of ended containers; the oldest start goes first.
constexpr size_t most_records = 256;

std::shared_ptr<net::premises>
premises_of(pointer self, const std::string& name) {
  auto found = self->state.there.find(name);
  return found == self->state.there.end() ? nullptr : found->second;
}

void add(pointer self, const std::shared_ptr<net::premises>& where) {
  self->state.there[where->spec().name] = where;
  // A container that has ended in order is gone; one that has died of a bug is
  // brought back to its premises.
  self->state.children->add(
    {where->spec().name,
     [self, where] {
       const auto& state = self->state;
       container_args args{
         state.args.network,     where,
         state.args.with,        state.args.rules,
         state.gateway,          state.dns,
         containers_actor{self}, state.args.news.below(where->spec().name)};
       return caf::actor_cast<caf::actor>(
         self->spawn(container, std::move(args)));
     },
     restart::on_failure});
}

void record(pointer self, const container_info& info) {
  auto& state = self->state;
  auto& records = state.records;
  auto last = info;
  last.state = pier::container_state::exited;
  records[info.name] = last;
  state.there.erase(info.name);
  if (records.size() > most_records) {
    auto older = [](const auto& a, const auto& b) {
      return a.second.started < b.second.started;
    };
    records.erase(std::min_element(records.begin(), records.end(), older));
  }
  if (auto found = state.waiting.find(info.name);
      found != state.waiting.end()) {
    for (auto& promise : found->second)
      promise.deliver(last);
    state.waiting.erase(found);
  }
  state.args.news.below(info.name)(
    {event::kind::removed, info.name, "nothing is left of it"});
}

/// A container that died too often: its premises are vacated without it.
void give_up(pointer self, const std::string& name) {
  auto where = premises_of(self, name);
  if (!where)
    return;
  auto info = where->info();
  info.failure = "its supervisor kept failing and gave up";
  where->vacate([me = containers_actor{self}, info](auto) {
    caf::anon_send(me, atom::ended::value, info);
  });
}

caf::result<container_info>
run(pointer self, const container_spec& spec, ticket stdio) {
  auto& state = self->state;
  auto refuse = [&](const error& why) {
    state.args.network->discard(stdio);
    return to_caf(why);
  };
  if (premises_of(self, spec.name))
    return refuse(
      {ec::name_in_use,
       "the container name " + spec.name
         + " is in use: stop that container, or choose another --name"});
  const auto& args = state.args;
  auto by = net::proxy_of(
    {spec.name, args.rules}, *args.network->system_proxy());
  auto where = args.network->occupy(
    net::with_proxy_variables(spec, by, args.with->network));
  if (!where)
    return refuse(where.error());
  state.records.erase(spec.name);
  add(self, *where);
  return self->delegate(
    caf::actor_cast<container_actor>(state.children->child(spec.name)),
    atom::open::value, stdio);
}

caf::result<container_info> wait(pointer self, const std::string& name) {
  auto& state = self->state;
  if (premises_of(self, name)) {
    auto promise = self->make_response_promise<container_info>();
    state.waiting[name].emplace_back(promise);
    return promise;
  }
  if (auto found = state.records.find(name); found != state.records.end())
    return found->second;
  return no_such_container(name);
}

/// Passes a request on to a container by name.
template <class R, class... Ts>
caf::result<R> pass_on(pointer self, const std::string& name, Ts... words) {
  auto child = self->state.children->child(name);
  if (!child && premises_of(self, name))
    return to_caf(
      {ec::interrupted,
       "container " + name + " is being restarted: try again"});
  if (!child)
    return no_such_container(name);
  return self->delegate(
    caf::actor_cast<container_actor>(child), std::move(words)...);
}

caf::result<done_t> stop_all(pointer self) {
  gathering<done_t> all{self->make_response_promise<done_t>()};
  self->state.children->for_each(
    [&](const std::string&, const caf::actor& child) {
      all.ask<done_t>(
        self, caf::actor_cast<container_actor>(child), [](done_t&, done_t) {},
        atom::stop::value);
    });
  return all.answer();
}

/// Everybody hears of the terms; the answer is what they cost.
template <class Verb>
caf::result<uint64_t> ask_all(pointer self, Verb verb, const flow_terms& by) {
  gathering<uint64_t> all{self->make_response_promise<uint64_t>()};
  self->state.children->for_each(
    [&](const std::string&, const caf::actor& child) {
      all.ask<uint64_t>(
        self, caf::actor_cast<container_actor>(child),
        [](uint64_t& ended, uint64_t more) { ended += more; }, verb, by);
    });
  return all.answer();
}

std::vector<container_info> list(pointer self) {
  std::vector<container_info> all;
  for (const auto& [name, where] : self->state.there)
    all.push_back(where->info());
  for (const auto& [name, info] : self->state.records)
    all.push_back(info);
  return all;
}

caf::result<container_info> inspect(pointer self, const std::string& name) {
  if (auto where = premises_of(self, name))
    return where->info();
  auto found = self->state.records.find(name);
  if (found == self->state.records.end())
    return no_such_container(name);
  return found->second;
}

void adopt(pointer self, const settings_ptr& by) {
  self->state.args.with = by;
  self->state.children->for_each(
    [&](const std::string&, const caf::actor& child) {
      caf::anon_send(
        caf::actor_cast<container_actor>(child), atom::adopt::value, by);
    });
}

void meet(pointer self) {
  const auto& state = self->state;
  for (const auto& [name, where] : state.there)
    if (auto child = self->state.children->child(name))
      caf::anon_send(
        caf::actor_cast<container_actor>(child), atom::meet::value,
        state.gateway, state.dns);
}

} // namespace

caf::error no_such_container(const std::string& name) {
  return to_caf(
    {ec::no_such_container, "no such container: " + name + ": see pier ps"});
}

health containers_state::describe() const {
  health out;
  out.facts.emplace_back("running", std::to_string(children->size()));
  out.facts.emplace_back("ended", std::to_string(records.size()));
  return out;
}

containers_actor::behavior_type containers(pointer self, containers_args args) {
  auto& state = self->state;
  state.args = std::move(args);
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, state.args.news);
  state.children->describe = [self] { return self->state.describe(); };
  state.children->on_restart = [self](const std::string& id) {
    if (auto where = premises_of(self, id))
      ++where->counted->restarts[container_state::name];
  };
  state.children->on_spent = [self](const std::string& id, const caf::error&) {
    give_up(self, id);
  };
  for (const auto& each : state.args.network->occupied())
    add(self, each);
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_find(self),
    on_act_path(self),
    on_revive(self),
    on_grace(self),
    [self](atom::run, const container_spec& spec, ticket stdio) {
      return run(self, spec, stdio);
    },
    [self](atom::wait, const std::string& name) { return wait(self, name); },
    [self](atom::stop, const std::string& name) {
      return pass_on<done_t>(self, name, atom::stop::value);
    },
    [self](atom::stop) { return stop_all(self); },
    [self](atom::signal, const std::string& name, int number) {
      return pass_on<done_t>(self, name, atom::signal::value, number);
    },
    [self](atom::publish, const std::string& name, const port_spec& spec) {
      return pass_on<std::vector<bound_port>>(
        self, name, atom::publish::value, spec);
    },
    [self](atom::unpublish, const std::string& name, const port_spec& spec) {
      return pass_on<done_t>(self, name, atom::unpublish::value, spec);
    },
    [self](atom::list) { return list(self); },
    [self](atom::inspect, const std::string& name) {
      return inspect(self, name);
    },
    [self](atom::flows, const std::string& of) { return list_flows(self, of); },
    [self](atom::tally) { return count(self); },
    [self](atom::meet, const gateway_actor& gateway, const dns_actor& dns) {
      self->state.gateway = gateway;
      self->state.dns = dns;
      meet(self);
    },
    [self](atom::adopt verb, const flow_terms& by) {
      if (by.rules)
        self->state.args.rules = by.rules;
      return ask_all(self, verb, by);
    },
    [self](atom::weigh verb, const flow_terms& by) {
      return ask_all(self, verb, by);
    },
    [self](atom::adopt, const settings_ptr& by) { adopt(self, by); },
    [self](atom::explain verb, const std::string& name, const destination& to) {
      return pass_on<explanation>(self, name, verb, to);
    },
    [self](atom::explain verb, const std::string& name, const host_port& port) {
      return pass_on<explanation>(self, name, verb, port);
    },
    [self](atom::capture verb, const capture_wish& what) {
      return pass_on<capture_grant>(self, what.container, verb, what);
    },
    [self](atom::ended, const container_info& info) { record(self, info); },
  };
}

} // namespace pier::actors
