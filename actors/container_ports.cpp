#include "actors/container_ports.hpp"

#include "actors/published_port.hpp"
#include "actors/runtime/refusal.hpp"

#include <caf/all.hpp>

namespace pier::actors {

namespace {

/// The id under which a port stands in the tree.
std::string id_of(const port_spec& spec) {
  return "port " + to_string(spec);
}

void report_closed(container_pointer self, const net::port& which) {
  std::set<uint16_t> open;
  auto bound = which.bound();
  for (const auto& each : bound)
    if (each.open)
      open.insert(each.container);
  for (auto& run : port_runs(bound, open))
    self->state.report(event::kind::port_closed, std::move(run));
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
  self->state.children->add(
    {id_of(which->spec()), [self, which] {
       const auto& args = self->state.args;
       auto child = self->spawn(
         published_port,
         published_port_args{
           which, self->state.sessions(), args.premises->address(),
           args.with->ports.ready, [self](event::kind what, std::string text) {
             self->state.report(what, std::move(text));
           }});
       tell_port(self, child, which->spec());
       return caf::actor_cast<caf::actor>(child);
     }});
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

void report_closed(container_pointer self) {
  for (const auto& each : self->state.args.premises->ports())
    report_closed(self, *each);
}

caf::result<std::vector<bound_port>>
publish(container_pointer self, const port_spec& spec) {
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

caf::result<done_t> unpublish(container_pointer self, const port_spec& spec) {
  auto& state = self->state;
  for (const auto& port : state.args.premises->ports()) {
    if (port->spec() != spec)
      continue;
    auto promise = self->make_response_promise<done_t>();
    auto owed = std::make_shared<pledge<done_t>>(promise);
    state.told.erase(id_of(spec));
    state.children->remove(id_of(spec), [self, port, owed] {
      report_closed(self, *port);
      self->state.args.premises->release(port);
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
