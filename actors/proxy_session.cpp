#include "actors/proxy_session.hpp"

#include "actors/proxy_ways.hpp"
#include "actors/runtime/manners.hpp"

#include <caf/all.hpp>

#include <utility>

namespace pier::actors {

namespace {

using pointer = proxy_session_pointer;
using phase = proxy_session_state::phase;

/// Names that we answer ourselves no proxy knows.
bool is_ours(pointer self) {
  const auto& state = self->state;
  for (const auto& each : state.courses)
    if (each.how.what == dns_course::kind::own)
      return true;
  for (const auto& ip : state.addresses)
    if (
      ip.in_subnet(state.args.guests.subnet, state.args.guests.bits)
      || ip.in_subnet(state.args.guests.subnet6, state.args.guests.bits6))
      return true;
  return false;
}

bool is_http(const proxy_request& what) {
  return what.what == proxy_request::kind::exchange
    || (what.what == proxy_request::kind::transparent && what.method == "HTTP");
}

void choose(pointer self) {
  auto& state = self->state;
  if (is_ours(self)) {
    state.way = "names and addresses of ours go by no proxy";
    return take_choices(self, {{}});
  }
  auto by = state.proxy();
  auto host = state.asked.host.empty() ? to_string(state.asked.at.ip)
                                       : state.asked.host;
  auto chosen = net::choose_proxy(
    by, host, state.asked.port, is_http(state.asked));
  state.way = chosen.rule;
  if (!chosen.asks_script)
    return take_choices(self, {chosen.way});
  state.args.network->ask_script(
    by.terms, {is_http(state.asked), host, state.asked.port},
    [me = proxy_session_actor{self}](const std::vector<proxy_choice>& all) {
      caf::anon_send(me, atom::answered::value, all);
    });
}

void hear_asked(pointer self, const proxy_request& what) {
  auto& state = self->state;
  ++state.requests;
  state.asked = what;
  state.now = phase::naming;
  state.to = {};
  state.choices.clear();
  state.courses.clear();
  state.addresses.clear();
  state.resolved = 0;
  state.unknown = {};
  if (auto ip = ip_address::parse(what.host))
    state.addresses = {*ip};
  if (
    !state.addresses.empty() || what.host.empty()
    || what.what == proxy_request::kind::transparent)
    return choose(self);
  self
    ->request(state.args.namer, caf::infinite, atom::explain::value, what.host)
    .then(
      [self](std::vector<name_course>& courses) {
        self->state.courses = std::move(courses);
        choose(self);
      },
      [self](const caf::error&) {
        refuse(
          self,
          {ec::interrupted,
           "the DNS server of Pier is being restarted: try again"});
      });
}

void hear(pointer self, const proxy_event& news) {
  auto& state = self->state;
  switch (news.news) {
    case proxy_event::kind::asked:
      state.settle();
      return hear_asked(self, news.what);
    case proxy_event::kind::joined:
      state.note_proxies(news);
      state.now = phase::open;
      state.came_about = true;
      if (news.way < state.course.ways.size())
        state.to = state.course.ways[news.way].to;
      return;
    case proxy_event::kind::answered:
      state.now = phase::waiting;
      state.came_about = true;
      return;
    case proxy_event::kind::failed:
      state.note_proxies(news);
      state.now = phase::waiting;
      state.end_as = news.why.code;
      if (state.args.who == net::proxy_client::unknowing)
        self->quit();
      return;
    case proxy_event::kind::ended:
      state.end_as = news.why.code;
      return self->quit();
  }
}

} // namespace

proxy_session_actor::behavior_type
proxy_session(pointer self, const arrival& what, proxy_session_args args) {
  install_manners(self);
  auto& state = self->state;
  state.args = std::move(args);
  state.what = what.what;
  state.clock = &self->clock();
  state.born = state.clock->now();
  state.talk = state.args.network->claim_proxied(
    what.number, state.args.who,
    [me = proxy_session_actor{self}](const proxy_event& news) {
      caf::anon_send(me, atom::happened::value, news);
    });
  if (!state.talk) {
    state.end_as = ec::reset;
    self->quit();
  }
  return {
    on_status(self),
    on_fault(self),
    [self](
      atom::judge, const guest_rules& rules, const lease& at,
      const renumbering_ptr& addresses) {
      auto& st = self->state;
      st.args.rules = rules;
      if (addresses)
        st.args.guests = net::plan_network(addresses->is);
      auto why = st.reason_to_end(rules, at, addresses);
      if (why == ec::ok)
        return false;
      st.end_as = why;
      st.bytes = st.talk ? st.talk->bytes() : st.bytes;
      st.talk.reset();
      self->quit();
      return true;
    },
    [self](
      atom::weigh, const guest_rules& rules, const lease& at,
      const renumbering_ptr& addresses) {
      return self->state.reason_to_end(rules, at, addresses) != ec::ok;
    },
    [](atom::vacated, const std::vector<ip_address>&) {},
    [self](atom::tally) {
      auto& st = self->state;
      return carried{st.what, {}, st.take_untold()};
    },
    [self](atom::flows) { return self->state.report(self->clock().now()); },
    [](atom::happened, const circuit_event&) {},
    [self](atom::happened, const proxy_event& news) {
      if (self->state.talk)
        hear(self, news);
    },
    [self](atom::answered, std::vector<proxy_choice>& all) {
      if (self->state.now == phase::naming)
        take_choices(self, std::move(all));
    },
    [self](atom::learned, const found_name& found) { hear_name(self, found); },
  };
}

} // namespace pier::actors
