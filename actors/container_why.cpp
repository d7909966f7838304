#include "actors/container_why.hpp"

#include "actors/runtime/gathering.hpp"
#include "actors/runtime/refusal.hpp"
#include "actors/tree_path.hpp"
#include "actors/why_port.hpp"

#include <caf/all.hpp>

namespace pier::actors {

namespace {

caf::error has_no_sessions(container_pointer self) {
  return to_caf(
    {ec::interrupted,
     "container " + self->state.args.premises->spec().name
       + " is being restarted: try again"});
}

std::shared_ptr<net::port>
find_port(container_pointer self, const host_port& which) {
  for (const auto& port : self->state.args.premises->ports())
    for (const auto& each : port->bound())
      if (each.proto == which.proto && each.host.port == which.port)
        return port;
  return nullptr;
}

} // namespace

caf::result<explanation>
explain(container_pointer self, const destination& to) {
  const auto& args = self->state.args;
  const auto& spec = args.premises->spec();
  if (spec.network != network_mode::bridge)
    return to_caf(
      {ec::bad_request,
       "container " + spec.name + " runs with --network "
         + std::string{to_string(spec.network)}
         + ": Pier decides nothing there"});
  auto sessions = self->state.sessions();
  if (!sessions)
    return has_no_sessions(self);
  if (to.name.empty())
    return self->delegate(
      sessions, atom::explain::value, to, std::vector<name_course>{});
  auto promise = self->make_response_promise<explanation>();
  auto owed = std::make_shared<pledge<explanation>>(promise);
  auto refuse = [owed](const caf::error& why) { owed->deliver(why); };
  self->request(args.dns, caf::infinite, atom::explain::value, to.name)
    .then(
      [self, sessions, to, owed,
       refuse](const std::vector<name_course>& courses) {
        self
          ->request(sessions, caf::infinite, atom::explain::value, to, courses)
          .then(
            [owed](explanation& what) { owed->deliver(std::move(what)); },
            refuse);
      },
      refuse);
  return promise;
}

caf::result<explanation>
explain(container_pointer self, const host_port& which) {
  auto& state = self->state;
  auto port = find_port(self, which);
  auto sessions = state.sessions();
  if (!port || !sessions)
    return has_no_sessions(self);
  port_facts facts;
  facts.asked = which;
  facts.container = state.args.premises->spec().name;
  facts.spec = port->spec();
  facts.paused = port->paused;
  facts.bound = port->bound();
  facts.services = state.services.behind(facts.spec);
  facts.state = "up";
  auto id = id_of(facts.spec);
  auto promise = self->make_response_promise<explanation>();
  auto all = std::make_shared<port_facts>(std::move(facts));
  auto owed = std::make_shared<pledge<explanation>>(promise);
  auto finish = [all, owed] { owed->deliver(explain_port(*all)); };
  // The port first; it may be dead for the moment, and that is its state.
  auto ask_sessions = [self, sessions, id, all, finish] {
    self->request(sessions, caf::infinite, atom::explain::value, id)
      .then(
        [all, finish](std::vector<past_client>& last) {
          all->last = std::move(last);
          finish();
        },
        [finish](const caf::error&) { finish(); });
  };
  auto child = state.children->child(id);
  if (!child) {
    all->state = "restarting";
    ask_sessions();
    return promise;
  }
  self
    ->request(
      caf::actor_cast<node_actor>(child), caf::infinite, atom::status::value)
    .then(
      [all, ask_sessions](const health& how) {
        all->state = how.state;
        ask_sessions();
      },
      [all, ask_sessions](const caf::error&) {
        all->state = "restarting";
        ask_sessions();
      });
  return promise;
}

} // namespace pier::actors
