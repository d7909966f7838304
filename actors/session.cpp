#include "actors/session.hpp"

#include "actors/runtime/manners.hpp"
#include "net/gateway/address_plan.hpp"
#include "net/route.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace pier::actors {

const char* session_state::name = "session";

namespace {

const char* to_text(session_state::phase now) {
  switch (now) {
    case session_state::phase::dialing:
      return "dialing";
    case session_state::phase::joining:
      return "joining";
    default:
      return "open";
  }
}

} // namespace

session_state::~session_state() {
  settle();
  tell_end();
}

void session_state::settle() {
  if (std::exchange(pending, false))
    caf::anon_send(parent, atom::joined::value);
}

traffic session_state::take_untold() {
  if (circuit)
    bytes = circuit->bytes();
  auto before = std::exchange(told, bytes);
  return {bytes.sent - before.sent, bytes.received - before.received};
}

std::chrono::milliseconds
session_state::age(caf::actor_clock::time_point at) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at - born);
}

void session_state::tell_end() {
  flow_end last;
  last.what = what;
  last.port = port;
  last.state = to_text(now);
  last.why = end_as;
  last.untold = take_untold();
  last.bytes = bytes;
  last.milliseconds = static_cast<uint64_t>(age(clock->now()).count());
  caf::anon_send(parent, atom::ended::value, std::move(last));
}

bool session_state::dial_next(ec why) {
  auto is_last_word = !by_proxy.empty() && why != ec::not_supported;
  by_proxy.clear();
  if (auto way = std::exchange(through, nullptr))
    if (circuit->dial_through(*way)) {
      by_proxy = to_string(*way->via);
      return true;
    }
  if (is_last_word || tried == targets.size()) {
    end_as = why;
    circuit->refuse(why);
    return false;
  }
  now = phase::dialing;
  circuit->dial(targets[tried++]);
  return true;
}

bool session_state::moves(const lease& at, const renumbering& by) const {
  auto bound = what;
  if (what.way == direction::inbound && tried > 0)
    bound.guest = targets[tried - 1];
  // It is not bound to the gateway's address before it is connected.
  if (what.way == direction::inbound && now == phase::dialing)
    return bound.guest.ip != at.v4 && bound.guest.ip != at.v6;
  return !net::stays(
    net::plan_network(by.was), net::plan_network(by.is), at, bound);
}

ec session_state::reason_to_end(
  const net::verdict& said, const lease& at,
  const renumbering_ptr& addresses) const {
  if (addresses && moves(at, *addresses))
    return ec::renumbered;
  return said.allowed ? ec::ok : ec::forbidden;
}

void session_state::end(ec why) {
  end_as = why;
  if (circuit && now == phase::dialing)
    circuit->refuse(why);
  hang_up();
}

void session_state::hang_up() {
  if (circuit)
    bytes = circuit->bytes();
  circuit.reset();
}

bool session_state::leads_to(const std::vector<ip_address>& addresses) const {
  auto is_there = [&](const ip_address& ip) {
    return tried > 0 && targets[tried - 1].ip == ip;
  };
  return std::any_of(addresses.begin(), addresses.end(), is_there);
}

health session_state::describe() const {
  health out;
  out.kind = name;
  out.facts.emplace_back("flow", to_string(what));
  out.facts.emplace_back("phase", to_text(now));
  if (
    tried > 0 && what.way == direction::outbound
    && targets[tried - 1] != what.peer)
    out.facts.emplace_back("to", to_string(targets[tried - 1]));
  if (!by_proxy.empty())
    out.facts.emplace_back("through", by_proxy);
  if (!rule.empty())
    out.facts.emplace_back("rule", rule);
  if (circuit) {
    auto carried_bytes = circuit->bytes();
    out.facts.emplace_back("sent", std::to_string(carried_bytes.sent));
    out.facts.emplace_back("received", std::to_string(carried_bytes.received));
  }
  return out;
}

flow_info session_state::report(caf::actor_clock::time_point at) const {
  flow_info out;
  out.what = what;
  out.state = to_text(now);
  if (tried > 0)
    out.to = targets[tried - 1];
  out.names = names;
  out.rule = rule;
  if (circuit)
    out.bytes = circuit->bytes();
  if (circuit && now == phase::open) {
    auto sides = circuit->sides();
    out.state = state_of(what.proto, sides);
    out.guest_rtt = sides.guest_rtt;
    out.peer_rtt = sides.peer_rtt;
  }
  out.milliseconds = static_cast<uint64_t>(age(at).count());
  return out;
}

session_actor::behavior_type session(
  session_actor::stateful_pointer<session_state> self, net::network* network,
  const arrival& what, session_args args) {
  install_manners(self);
  auto& state = self->state;
  state.what = what.what;
  state.clock = &self->clock();
  state.born = state.clock->now();
  state.port = std::move(args.port);
  state.targets = std::move(args.targets);
  if (args.through)
    state.through = std::make_unique<proxy_way>(std::move(*args.through));
  state.names = std::move(args.names);
  state.rule = std::move(args.rule);
  state.parent = std::move(args.parent);
  // The state owns the circuit and dies before the actor does, so the handle
  // inside the sink makes no lasting cycle.
  state.circuit = network->claim(
    what.number, [me = session_actor{self}](const circuit_event& news) {
      caf::anon_send(me, atom::happened::value, news);
    });
  if (!state.circuit)
    state.end_as = ec::reset;
  if (!state.circuit || !state.dial_next(args.why))
    self->quit();
  return {
    on_status(self),
    on_fault(self),
    [self](
      atom::judge, const guest_rules& rules, const lease& at,
      const renumbering_ptr& addresses) {
      auto& st = self->state;
      auto said = net::judge(rules, st.what, st.names);
      st.rule = said.rule;
      auto why = st.reason_to_end(said, at, addresses);
      if (why == ec::ok)
        return false;
      st.end(why);
      self->quit();
      return true;
    },
    [self](
      atom::weigh, const guest_rules& rules, const lease& at,
      const renumbering_ptr& addresses) {
      const auto& st = self->state;
      auto said = net::judge(rules, st.what, st.names);
      return st.reason_to_end(said, at, addresses) != ec::ok;
    },
    [self](atom::vacated, const std::vector<ip_address>& addresses) {
      if (!self->state.leads_to(addresses))
        return;
      self->state.end_as = ec::stopped;
      self->state.hang_up();
      self->quit();
    },
    [self](atom::tally) {
      auto& st = self->state;
      return carried{st.what, st.port, st.take_untold()};
    },
    [self](atom::flows) { return self->state.report(self->clock().now()); },
    [self](atom::happened, const circuit_event& news) {
      auto& st = self->state;
      if (!st.circuit)
        return;
      switch (news.what) {
        case circuit_event::kind::dialed:
          st.now = session_state::phase::joining;
          st.circuit->join();
          break;
        case circuit_event::kind::refused:
          if (!st.dial_next(news.why))
            self->quit();
          break;
        case circuit_event::kind::joined:
          st.now = session_state::phase::open;
          st.settle();
          break;
        case circuit_event::kind::ended:
          st.end_as = news.why;
          self->quit();
          break;
      }
    },
  };
}

} // namespace pier::actors
