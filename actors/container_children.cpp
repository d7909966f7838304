#include "actors/container_children.hpp"

#include "actors/sessions.hpp"
#include "actors/ssh_agent.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

namespace pier::actors {

namespace {

guest_rules rules_of(const container_state& state) {
  return {state.args.premises->spec().name, state.args.rules};
}

} // namespace

void add_sessions(container_pointer self) {
  self->state.children->add(
    {container_state::sessions_id, [self] {
       const auto& args = self->state.args;
       auto child = self->spawn(
         sessions, args.network, net::plan_network(args.with->network),
         guest_limits{args.with->limits.pending, args.with->limits.flows},
         rules_of(self->state), args.premises->counted,
         args.news.below(container_state::sessions_id));
       return caf::actor_cast<caf::actor>(child);
     }});
}

void add_agent(container_pointer self) {
  if (self->state.args.premises->agent() == nullptr)
    return;
  child_spec spec;
  spec.id = container_state::agent_id;
  spec.apart = true;
  spec.make = [self] {
    const auto& args = self->state.args;
    auto child = self->spawn(
      ssh_agent,
      ssh_agent_args{
        args.network, args.premises, net::agent_terms_of(rules_of(self->state)),
        args.news.below(container_state::agent_id)});
    return caf::actor_cast<caf::actor>(child);
  };
  self->state.children->add(std::move(spec));
}

void tell_agent(container_pointer self) {
  auto child = self->state.children->child(container_state::agent_id);
  if (child)
    caf::anon_send(
      caf::actor_cast<ssh_agent_actor>(child), atom::adopt::value,
      net::agent_terms_of(rules_of(self->state)));
}

} // namespace pier::actors
