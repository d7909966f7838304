#include "actors/sessions.hpp"

#include "actors/query.hpp"
#include "actors/session.hpp"
#include "net/route.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* sessions_state::name = "sessions";

namespace {

using pointer = sessions_actor::stateful_pointer<sessions_state>;

void add_session(
  pointer self, net::network* network, const arrival& what,
  std::vector<endpoint> targets, ec why) {
  auto& state = self->state;
  ++state.pending;
  auto id = std::string{to_string(what.what.proto)} + "-"
    + std::to_string(++state.flows);
  auto child = self->spawn(
    session, network, what, std::move(targets), why, sessions_actor{self});
  state.children->adopt(std::move(id), caf::actor_cast<caf::actor>(child));
}

void add_query(
  pointer self, net::network* network, const dns_question& what,
  const std::optional<dns_answer>& own) {
  auto& state = self->state;
  auto id = "query-" + std::to_string(++state.queries);
  auto child = self->spawn(query, network, what, own);
  state.children->adopt(std::move(id), caf::actor_cast<caf::actor>(child));
}

} // namespace

health sessions_state::describe() const {
  health out;
  out.facts.emplace_back("now", std::to_string(children->size()));
  out.facts.emplace_back("flows", std::to_string(flows));
  out.facts.emplace_back("queries", std::to_string(queries));
  if (pending > 0)
    out.facts.emplace_back("pending", std::to_string(pending));
  if (declined > 0)
    out.facts.emplace_back("declined", std::to_string(declined));
  return out;
}

sessions_actor::behavior_type sessions(
  pointer self, net::network* network, net::guest_network guests,
  guest_limits most, reporter news) {
  auto& state = self->state;
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, std::move(news));
  state.children->describe = [self] { return self->state.describe(); };
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_revive(self),
    on_grace(self),
    [=](atom::admit, const arrival& what) {
      auto& st = self->state;
      if (st.pending >= most.pending || st.children->size() >= most.flows) {
        ++st.declined;
        network->decline(what.number, ec::exhausted);
        return;
      }
      auto targets = net::route(guests, what.what);
      if (targets)
        add_session(self, network, what, *targets, ec::failed);
      else
        add_session(self, network, what, {}, targets.error().code);
    },
    [=](
      atom::admit, const arrival& what, const std::vector<endpoint>& targets) {
      add_session(self, network, what, targets, ec::refused);
    },
    [=](atom::ask, const dns_question& what) {
      add_query(self, network, what, std::nullopt);
    },
    [=](atom::ask, const dns_question& what, const dns_answer& own) {
      add_query(self, network, what, own);
    },
    [=](atom::joined) { --self->state.pending; },
  };
}

} // namespace pier::actors
