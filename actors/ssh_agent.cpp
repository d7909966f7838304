#include "actors/ssh_agent.hpp"

#include "actors/agent_session.hpp"

#include <caf/all.hpp>

#include <string>

namespace pier::actors {

const char* ssh_agent_state::name = "ssh_agent";

namespace {

using pointer = ssh_agent_actor::stateful_pointer<ssh_agent_state>;

void hear_client(pointer self, ticket client) {
  auto& state = self->state;
  auto& door = *state.args.premises->agent();
  ++state.clients;
  if (state.children->size() >= ssh_agent_state::most) {
    // Claimed by nobody, it hangs up.
    door.claim(client, [](const agent_event&) {});
    return;
  }
  const auto& who = state.args.premises->spec().name;
  agent_session_args args{
    state.args.network, state.args.premises, state.args.terms,
    [news = state.args.news, who](std::string text) {
      news({event::kind::ssh_agent, who, std::move(text)});
    }};
  auto child = self->spawn(agent_session, client, std::move(args));
  state.children->adopt(
    "client-" + std::to_string(state.clients),
    caf::actor_cast<caf::actor>(child));
}

} // namespace

health ssh_agent_state::describe() const {
  health out;
  if (!args.terms.enabled)
    out.facts.emplace_back("off", "ssh_agent.enabled");
  out.facts.emplace_back("clients", std::to_string(clients));
  return out;
}

ssh_agent_actor::behavior_type ssh_agent(pointer self, ssh_agent_args args) {
  auto& state = self->state;
  state.args = std::move(args);
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, state.args.news);
  state.children->describe = [self] { return self->state.describe(); };
  state.args.premises->agent()->watch(
    [me = ssh_agent_actor{self}](ticket client) {
      caf::anon_send(me, atom::held::value, client);
    });
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_find(self),
    on_act_path(self),
    on_revive(self),
    on_grace(self),
    [self](atom::adopt verb, const ssh_agent_terms& by) {
      self->state.args.terms = by;
      self->state.children->for_each(
        [&](const std::string&, const caf::actor& child) {
          caf::anon_send(caf::actor_cast<agent_session_actor>(child), verb, by);
        });
    },
    [self](atom::held, ticket client) { hear_client(self, client); },
  };
}

} // namespace pier::actors
