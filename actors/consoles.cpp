#include "actors/consoles.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* consoles_state::name = "consoles";

namespace {

using pointer = consoles_actor::stateful_pointer<consoles_state>;

console_actor attach(pointer self, uint64_t number, const std::string& client) {
  const auto& args = self->state.args;
  auto one = self->spawn(
    console, console_args{number, client, args.root, args.convey, args.news});
  self->state.children->adopt(
    std::to_string(number), caf::actor_cast<caf::actor>(one));
  return one;
}

} // namespace

consoles_actor::behavior_type consoles(pointer self, consoles_args args) {
  auto& state = self->state;
  state.args = std::move(args);
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, state.args.news);
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_find(self),
    on_act_path(self),
    on_revive(self),
    on_grace(self),
    [self](atom::attach, uint64_t number, const std::string& client) {
      return attach(self, number, client);
    },
  };
}

} // namespace pier::actors
