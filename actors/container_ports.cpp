#include "actors/container_ports.hpp"

#include "actors/published_port.hpp"
#include "actors/runtime/refusal.hpp"
#include "actors/tree_path.hpp"
#include "config/quote.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

namespace pier::actors {

namespace {

void report_closed(container_pointer self, const net::port& which) {
  std::set<uint16_t> open;
  auto bound = which.bound();
  for (const auto& each : bound)
    if (each.open)
      open.insert(each.container);
  for (auto& run : port_runs(bound, open))
    self->state.report(event::kind::port_closed, std::move(run));
}

/// A socket of each address, and what accepts from it.
constexpr uint64_t descriptors_each = 2;

uint64_t descriptors_of_ports(container_pointer self) {
  uint64_t sum = 0;
  for (const auto& each : self->state.args.premises->ports())
    sum += descriptors_each * each->bound().size();
  return sum;
}

/// They cost what there is: asked for only where they are counted.
std::optional<size_t> most_descriptors(container_pointer self) {
  const auto& args = self->state.args;
  return net::limits_of({args.premises->spec().name, args.rules}).descriptors;
}

error too_many_descriptors(
  container_pointer self, const port_spec& spec, uint64_t held, size_t most) {
  const auto& args = self->state.args;
  const auto& name = args.premises->spec().name;
  const auto& all = args.rules->containers;
  auto own = all.find(name);
  auto key = own != all.end() && own->second.limits.descriptors
    ? "container." + config::key_text(name) + ".descriptors"
    : std::string{"limits.descriptors"};
  return {
    ec::exhausted,
    "port " + to_string(spec) + " takes the ports of container " + name + " to "
      + std::to_string(held) + " descriptors, and " + key + " is "
      + std::to_string(most) + ": raise it, or publish fewer"};
}

/// Who says nothing of a port's options means any.
bool means(const port_spec& said, port_spec there) {
  if (!said.source && !said.proxy) {
    there.source.reset();
    there.proxy.reset();
  }
  return said == there;
}

published_port_args
args_of(container_pointer self, const std::shared_ptr<net::port>& which) {
  const auto& args = self->state.args;
  return {
    id_of(which->spec()), which, self->state.sessions(),
    [where = args.premises] { return where->address(); }, args.with->ports,
    // It may speak when this container's actor has died, and it not yet.
    [news = args.news,
     name = args.premises->spec().name](event::kind what, std::string text) {
      news({what, name, std::move(text)});
    }};
}

void tell_port(
  container_pointer self, const published_port_actor& child,
  const port_spec& spec) {
  auto services = self->state.services.behind(spec);
  self->state.told[id_of(spec)] = services;
  caf::anon_send(child, atom::serving::value, std::move(services));
}

} // namespace

void add_port(container_pointer self, const std::shared_ptr<net::port>& which) {
  auto make = [self, which] {
    auto child = self->spawn(published_port, args_of(self, which));
    tell_port(self, child, which->spec());
    return caf::actor_cast<caf::actor>(child);
  };
  auto id = id_of(which->spec());
  self->state.args.premises->counted->ports.try_emplace(id);
  self->state.children->add({std::move(id), std::move(make)});
}

result<std::shared_ptr<net::port>>
reserve(container_pointer self, const port_spec& spec) {
  auto& premises = *self->state.args.premises;
  auto reserved = premises.reserve(spec);
  auto most = most_descriptors(self);
  if (!reserved || !most)
    return reserved;
  if (auto held = descriptors_of_ports(self); held > *most) {
    premises.release(*reserved);
    return too_many_descriptors(self, spec, held, *most);
  }
  tell_sessions(self);
  return reserved;
}

void tell_sessions(container_pointer self) {
  auto sessions = self->state.sessions();
  if (!sessions)
    return;
  caf::anon_send(
    sessions, atom::pause::value, self->state.args.premises->paused);
  if (most_descriptors(self))
    caf::anon_send(
      sessions, atom::published::value, descriptors_of_ports(self));
}

void adopt_ports(container_pointer self, const port_settings& by) {
  for (const auto& port : self->state.args.premises->ports())
    if (auto child = self->state.children->child(id_of(port->spec())))
      caf::anon_send(
        caf::actor_cast<published_port_actor>(child), atom::adopt::value, by);
}

caf::result<uint64_t> obey(container_pointer self, const act& what) {
  auto& premises = *self->state.args.premises;
  auto sessions = self->state.sessions();
  if (!sessions)
    return to_caf(
      {ec::interrupted,
       "container " + premises.spec().name + " is being restarted: try again"});
  premises.paused = what.what != act::kind::resume;
  caf::anon_send(sessions, atom::pause::value, premises.paused);
  auto same = what;
  same.what = premises.paused ? act::kind::pause : act::kind::resume;
  for (const auto& port : premises.ports()) {
    port->paused = premises.paused;
    if (auto child = self->state.children->child(id_of(port->spec())))
      caf::anon_send(
        caf::actor_cast<published_port_actor>(child), atom::obey::value, same);
  }
  if (what.what != act::kind::drain)
    return uint64_t{0};
  return self->delegate(
    sessions, atom::drain::value, std::string{}, what.patience);
}

void tell_ports(container_pointer self) {
  for (const auto& port : self->state.args.premises->ports()) {
    const auto& spec = port->spec();
    auto id = id_of(spec);
    if (self->state.told[id] == self->state.services.behind(spec))
      continue;
    if (auto child = self->state.children->child(id))
      tell_port(self, caf::actor_cast<published_port_actor>(child), spec);
  }
}

void retell_ports(container_pointer self) {
  self->state.told.clear();
  tell_ports(self);
}

void report_closed(container_pointer self) {
  for (const auto& each : self->state.args.premises->ports())
    report_closed(self, *each);
}

caf::result<std::vector<bound_port>>
publish(container_pointer self, const port_spec& spec) {
  auto& state = self->state;
  const auto& premises = *state.args.premises;
  if (premises.spec().network != network_mode::bridge)
    return to_caf(
      {ec::bad_request,
       "container " + premises.spec().name
         + " has no network of its own to publish from"});
  auto reserved = reserve(self, spec);
  if (!reserved)
    return to_caf(reserved.error());
  add_port(self, *reserved);
  return (*reserved)->bound();
}

caf::result<done_t> unpublish(container_pointer self, const port_spec& spec) {
  auto& state = self->state;
  for (const auto& port : state.args.premises->ports()) {
    if (!means(spec, port->spec()))
      continue;
    auto promise = self->make_response_promise<done_t>();
    auto owed = std::make_shared<pledge<done_t>>(promise);
    auto id = id_of(port->spec());
    state.told.erase(id);
    state.children->remove(id, [self, id, port, owed] {
      report_closed(self, *port);
      auto& premises = *self->state.args.premises;
      premises.release(port);
      premises.counted->ports.erase(id);
      premises.counted->restarts.erase(id);
      tell_sessions(self);
      owed->deliver(done_t{});
    });
    return promise;
  }
  return to_caf(
    {ec::no_such_port,
     "container " + state.args.premises->spec().name + " does not publish "
       + to_string(spec) + ": see pier port "
       + state.args.premises->spec().name});
}

} // namespace pier::actors
