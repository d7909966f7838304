#include "actors/proxy_ways.hpp"

#include "actors/why_words.hpp"
#include "net/route.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <utility>

namespace pier::actors {

namespace {

using pointer = proxy_session_pointer;
using phase = proxy_session_state::phase;

constexpr uint16_t types[] = {1, 28};
constexpr size_t most_addresses = 8;

std::string asked_text(const proxy_request& what) {
  return authority(
    what.host.empty() ? to_string(what.at.ip) : what.host, what.port);
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

/// Who looks the name up knows its address; what is known of it is judged.
void add_proxy(
  pointer self, const upstream_proxy& proxy, proxy_course& into, error& why) {
  auto& state = self->state;
  auto is_named = state.asked.what == proxy_request::kind::transparent
    && !state.asked.host.empty();
  auto at = state.addresses.empty() || is_named ? ip_address::any(family::v4)
                                                : state.addresses.front();
  auto said = state.judge(at);
  if (!said.allowed) {
    why = forbidden_by(self, said.rule);
    return;
  }
  state.args.rule = said.rule;
  proxy_way way;
  way.via = proxy;
  way.credentials = state.proxy().terms.credentials;
  into.ways.push_back(std::move(way));
}

/// By the ways that were chosen, in their order; a direct one is as many as
/// there are addresses. Nothing behind a blocked one counts.
void go(pointer self) {
  auto& state = self->state;
  proxy_course by;
  error why{
    ec::failed, "no address of " + asked_text(state.asked) + " is known"};
  for (const auto& each : state.choices) {
    if (each.way == proxy_choice::kind::blocked) {
      why = {ec::forbidden, each.why};
      break;
    }
    if (each.way == proxy_choice::kind::through)
      add_proxy(self, each.proxy, by, why);
    else
      for (const auto& ip : state.addresses)
        add_address(self, ip, by, why);
  }
  if (by.ways.empty())
    return refuse(self, why);
  state.now = phase::dialing;
  state.trial.reset();
  state.course = std::move(by);
  state.talk->allow(state.course);
}

void take_addresses(pointer self, const std::vector<ip_address>& some) {
  auto& all = self->state.addresses;
  for (const auto& each : some)
    if (all.size() < most_addresses)
      all.push_back(each);
}

void resolve_next(pointer self) {
  auto& state = self->state;
  if (state.resolved == 0) {
    // As a question of the guest's own would be judged.
    auto ours = state.courses.front().how.what == dns_course::kind::own;
    auto said = net::judge_name(state.args.rules, state.asked.host, ours);
    if (!said.allowed)
      return refuse(self, forbidden_by(self, said.rule));
  }
  if (state.resolved == state.courses.size()) {
    auto by_proxy = state.choices.front().way == proxy_choice::kind::through;
    if (!state.addresses.empty() || by_proxy)
      return go(self);
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

} // namespace

void refuse(pointer self, const error& why) {
  auto& state = self->state;
  state.now = phase::waiting;
  state.trial.reset();
  state.talk->refuse(why);
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

void take_choices(pointer self, std::vector<proxy_choice> all) {
  auto& state = self->state;
  state.choices = state.args.network->proxies.in_order(
    std::move(all), self->clock().now());
  auto is_direct = [](const proxy_choice& each) {
    return each.way == proxy_choice::kind::direct;
  };
  auto needs_address = std::any_of(
    state.choices.begin(), state.choices.end(), is_direct);
  // The client has looked the name up itself, and the rules have said yes.
  if (state.asked.what == proxy_request::kind::transparent)
    state.addresses = {state.asked.at.ip};
  if (needs_address && state.addresses.empty())
    return resolve_next(self);
  go(self);
}

} // namespace pier::actors
