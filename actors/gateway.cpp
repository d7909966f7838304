#include "actors/gateway.hpp"

#include "actors/runtime/manners.hpp"
#include "actors/runtime/refusal.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* gateway_state::name = "gateway";

namespace {

using pointer = gateway_actor::stateful_pointer<gateway_state>;

void open(
  pointer self, net::network* network,
  gateway_state::phase until = gateway_state::phase::opening) {
  self->state.now = until;
  network->open_gateway([me = gateway_actor{self}](result<void> done) {
    auto why = done ? error{ec::ok, {}} : done.error();
    caf::anon_send(me, atom::opened::value, std::move(why));
  });
}

void hear_opened(pointer self, const error& why, const reporter& news) {
  auto& state = self->state;
  if (why.code == ec::ok) {
    auto was_up = state.now == gateway_state::phase::renumbering;
    state.now = gateway_state::phase::up;
    state.pause.reset();
    state.refusal = {};
    for (auto& promise : state.waiting)
      promise.deliver(done_t{});
    if (!was_up) {
      ++state.keepers;
      news({event::kind::gateway_up, {}, "the gateway is up"});
    }
  } else {
    state.now = gateway_state::phase::waiting;
    state.refusal = why;
    for (auto& promise : state.waiting)
      promise.deliver(to_caf(why));
    caf::delayed_anon_send(
      gateway_actor{self}, state.pause.next(), atom::open::value);
    news({event::kind::gateway_lost, {}, why.text});
  }
  state.waiting.clear();
}

} // namespace

health gateway_state::describe() const {
  health out;
  out.kind = name;
  if (now == phase::opening)
    out.state = "opening";
  else if (now == phase::renumbering)
    out.state = "renumbering";
  else if (now == phase::waiting)
    out.state = refusal.text;
  out.facts.emplace_back("guests", std::to_string(guests.entries().size()));
  out.facts.emplace_back("flows", std::to_string(flows));
  if (keepers > 1)
    out.facts.emplace_back("keepers", std::to_string(keepers));
  if (strangers > 0)
    out.facts.emplace_back("strangers", std::to_string(strangers));
  return out;
}

gateway_actor::behavior_type
gateway(pointer self, net::network* network, reporter news) {
  install_manners(self);
  self->set_down_handler(
    [self](caf::down_msg& who) { self->state.guests.leave(who.source); });
  auto me = gateway_actor{self};
  network->watch_gateway(
    [me](const arrival& what) { caf::anon_send(me, atom::held::value, what); },
    [me](const error& why) { caf::anon_send(me, atom::lost::value, why); });
  network->watch_warnings(
    [me](const error& what) { caf::anon_send(me, atom::warned::value, what); });
  open(self, network);
  return {
    on_status(self),
    on_fault(self),
    [self](atom::await) -> caf::result<done_t> {
      auto& st = self->state;
      if (st.now == gateway_state::phase::up)
        return done_t{};
      if (st.now == gateway_state::phase::waiting)
        return to_caf(st.refusal);
      auto promise = self->make_response_promise<done_t>();
      st.waiting.emplace_back(promise);
      return promise;
    },
    [self](
      atom::house, const std::string& who, const lease& at,
      const sessions_actor& sessions) {
      self->state.guests.enter(self, who, at, sessions);
    },
    [self, network](atom::adopt) -> caf::result<done_t> {
      auto& st = self->state;
      auto promise = self->make_response_promise<done_t>();
      st.waiting.emplace_back(promise);
      if (st.now == gateway_state::phase::up)
        open(self, network, gateway_state::phase::renumbering);
      else if (st.now == gateway_state::phase::waiting)
        open(self, network);
      return promise;
    },
    [self](
      atom::admit, const arrival& what, const std::vector<endpoint>& targets) {
      auto sessions = self->state.guests.at(targets.front().ip);
      if (sessions == nullptr)
        return false;
      caf::anon_send(
        *sessions, atom::admit::value, what, targets, std::string{});
      return true;
    },
    [self, network](atom::held, const arrival& what) {
      auto& st = self->state;
      ++st.flows;
      if (auto sessions = st.guests.at(what.what.guest.ip)) {
        caf::anon_send(*sessions, atom::admit::value, what);
        return;
      }
      ++st.strangers;
      network->decline(what.number, ec::timed_out);
    },
    [self, news](atom::opened, const error& why) {
      hear_opened(self, why, news);
    },
    [self, network, news](atom::lost, const error& why) {
      news({event::kind::gateway_lost, {}, why.text});
      open(self, network);
    },
    [news](atom::warned, const error& what) {
      news({event::kind::warning, {}, what.text});
    },
    [self, network](atom::open) {
      if (self->state.now == gateway_state::phase::waiting)
        open(self, network);
    },
  };
}

} // namespace pier::actors
