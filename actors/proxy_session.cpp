#include "actors/proxy_session.hpp"

#include "actors/runtime/manners.hpp"
#include "actors/why_words.hpp"
#include "net/route.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

#include <utility>

namespace pier::actors {

namespace {

using pointer = proxy_session_actor::stateful_pointer<proxy_session_state>;
using phase = proxy_session_state::phase;

constexpr uint16_t types[] = {1, 28};
constexpr size_t most_addresses = 8;

std::string asked_text(const proxy_request& what) {
  return authority(
    what.host.empty() ? to_string(what.at.ip) : what.host, what.port);
}

void refuse(pointer self, const error& why) {
  auto& state = self->state;
  state.now = phase::waiting;
  state.trial.reset();
  state.talk->refuse(why);
}

/// What a rule forbids.
error forbidden_by(pointer self, std::string_view rule) {
  auto& state = self->state;
  state.args.rule = rule;
  auto what = asked_text(state.asked);
  return {
    ec::forbidden,
    what + " is forbidden by " + std::string{rule} + ": see \"pier why "
      + state.args.rules.who + " " + what + "\""};
}

void allow(pointer self, proxy_course by) {
  auto& state = self->state;
  state.now = phase::dialing;
  state.trial.reset();
  state.course = std::move(by);
  state.talk->allow(state.course);
}

// -- directly -----------------------------------------------------------------

/// One more address; its refusal is the last one's.
void add_address(
  pointer self, const ip_address& ip, proxy_course& into, error& why) {
  auto& state = self->state;
  if (!neighbour_at(*state.args.network, ip).empty()) {
    into.ways.push_back({{}, {}, {ip, state.asked.port}, true});
    return;
  }
  flow led = state.what;
  led.peer = {ip, state.asked.port};
  auto targets = net::route(state.args.guests, led);
  if (!targets) {
    why = targets.error();
    return;
  }
  auto said = state.judge(ip);
  if (!said.allowed) {
    why = forbidden_by(self, said.rule);
    return;
  }
  state.args.rule = said.rule;
  for (const auto& each : *targets)
    into.ways.push_back({{}, {}, each, false});
}

void go_directly(pointer self) {
  auto& state = self->state;
  proxy_course by;
  error why{ec::failed, "no address"};
  for (const auto& ip : state.addresses)
    add_address(self, ip, by, why);
  if (!by.ways.empty())
    return allow(self, std::move(by));
  refuse(self, why);
}

void take_addresses(pointer self, const std::vector<ip_address>& some) {
  auto& all = self->state.addresses;
  for (const auto& each : some)
    if (all.size() < most_addresses)
      all.push_back(each);
}

void resolve_next(pointer self) {
  auto& state = self->state;
  if (state.resolved == state.courses.size()) {
    if (!state.addresses.empty())
      return go_directly(self);
    auto words = words_of(state.asked.host, state.unknown, "the name servers");
    return refuse(self, {ec::failed, words.text + ": check the name"});
  }
  const auto& how = state.courses[state.resolved].how;
  auto type = types[state.resolved++];
  if (how.what == dns_course::kind::own) {
    take_addresses(self, how.own.addresses);
    for (const auto& each : how.own.records)
      if (
        each.type == dns_record::kind::a || each.type == dns_record::kind::aaaa)
        take_addresses(self, {each.address});
    if (how.own.what == dns_answer::kind::no_such_name)
      state.unknown.code = 3; // RFC 1035, 4.1.1
    return resolve_next(self);
  }
  state.trial = state.args.network->look().resolve(
    state.asked.host, type, how,
    [me = proxy_session_actor{self}](const found_name& found) {
      caf::anon_send(me, atom::learned::value, found);
    });
}

void hear_name(pointer self, const found_name& found) {
  auto& state = self->state;
  if (state.now != phase::naming)
    return;
  take_addresses(self, found.addresses);
  if (state.unknown.why.code == ec::ok && state.unknown.code == 0)
    state.unknown = found;
  resolve_next(self);
}

// -- by a proxy ---------------------------------------------------------------

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

void go_by(pointer self, const upstream_proxy& proxy) {
  auto& state = self->state;
  auto unknown = ip_address::any(family::v4);
  auto said = state.judge(
    state.addresses.empty() ? unknown : state.addresses.front());
  if (!said.allowed)
    return refuse(self, forbidden_by(self, said.rule));
  state.args.rule = said.rule;
  proxy_way way;
  way.via = proxy;
  way.credentials = state.proxy().terms.credentials;
  allow(self, {{way}});
}

void choose(pointer self) {
  auto& state = self->state;
  auto is_http = state.asked.what == proxy_request::kind::exchange
    || (state.asked.what == proxy_request::kind::transparent
        && state.asked.method == "HTTP");
  auto host = state.asked.host.empty() ? to_string(state.asked.at.ip)
                                       : state.asked.host;
  auto chosen = net::choose_proxy(
    state.proxy(), host, state.asked.port, is_http);
  state.way = chosen.rule;
  auto ours = is_ours(self);
  if (ours)
    state.way = "names and addresses of ours go by no proxy";
  if (!ours && chosen.way.way == proxy_choice::kind::blocked)
    return refuse(self, {ec::forbidden, chosen.way.why});
  if (!ours && chosen.way.way == proxy_choice::kind::through)
    return go_by(self, chosen.way.proxy);
  // The client has looked the name up itself, and the rules have said yes.
  if (state.asked.what == proxy_request::kind::transparent)
    state.addresses = {state.asked.at.ip};
  if (!state.addresses.empty())
    return go_directly(self);
  resolve_next(self);
}

void hear_asked(pointer self, const proxy_request& what) {
  auto& state = self->state;
  ++state.requests;
  state.asked = what;
  state.now = phase::naming;
  state.to = {};
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
      state.now = phase::open;
      if (news.way < state.course.ways.size())
        state.to = state.course.ways[news.way].to;
      return;
    case proxy_event::kind::answered:
      state.now = phase::waiting;
      return;
    case proxy_event::kind::failed:
      state.now = phase::waiting;
      if (state.args.who == net::proxy_client::unknowing)
        self->quit();
      return;
    case proxy_event::kind::ended:
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
  state.born = self->clock().now();
  state.talk = state.args.network->claim_proxied(
    what.number, state.args.who,
    [me = proxy_session_actor{self}](const proxy_event& news) {
      caf::anon_send(me, atom::happened::value, news);
    });
  if (!state.talk)
    self->quit();
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
      if (st.reason_to_end(rules, at, addresses) == ec::ok)
        return false;
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
    [self](atom::flows) { return self->state.report(self->clock().now()); },
    [](atom::happened, const circuit_event&) {},
    [self](atom::happened, const proxy_event& news) {
      if (self->state.talk)
        hear(self, news);
    },
    [self](atom::learned, const found_name& found) { hear_name(self, found); },
  };
}

} // namespace pier::actors
