#include "actors/query.hpp"

#include "actors/runtime/manners.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* query_state::name = "query";

health query_state::describe() const {
  health out;
  out.kind = name;
  out.facts.emplace_back("question", what.name);
  out.facts.emplace_back("type", std::to_string(what.type));
  out.facts.emplace_back("from", to_string(what.guest));
  return out;
}

query_actor::behavior_type query(
  query_actor::stateful_pointer<query_state> self, net::network* network,
  const dns_question& what, const dns_course& how,
  const sessions_actor& parent) {
  install_manners(self);
  auto& state = self->state;
  state.what = what;
  state.born = self->clock().now();
  state.exchange = network->claim_query(
    what.number, [me = query_actor{self}](const dns_event& news) {
      caf::anon_send(me, atom::happened::value, news);
    });
  if (!state.exchange) {
    self->quit();
  } else if (how.what == dns_course::kind::forward) {
    state.exchange->forward(how);
  } else {
    if (how.what == dns_course::kind::own)
      state.exchange->answer(how.own);
    else
      state.exchange->refuse(how.why);
    self->quit();
  }
  return {
    on_status(self),
    on_fault(self),
    [self, parent](atom::happened, const dns_event& news) {
      if (!news.addresses.empty())
        caf::anon_send(
          parent, atom::learned::value, self->state.what.name, news.addresses,
          news.ttl);
      if (news.why != ec::ok)
        self->state.exchange->fail();
      caf::anon_send(
        parent, atom::answered::value, self->state.what.name,
        news.why == ec::ok ? dns_outcome::forwarded : dns_outcome::failed,
        std::chrono::duration_cast<std::chrono::microseconds>(
          self->clock().now() - self->state.born));
      self->quit();
    },
  };
}

} // namespace pier::actors
