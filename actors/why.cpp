#include "actors/why.hpp"

#include "actors/runtime/manners.hpp"
#include "actors/why_policy.hpp"
#include "actors/why_proxy.hpp"
#include "actors/why_words.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

#include <utility>

namespace pier::actors {

namespace {

using pointer = why_actor::stateful_pointer<why_state>;

/// A guest's kernel waits longer; a person does not.
constexpr std::chrono::seconds patience{5};

/// Of one name.
constexpr size_t most_addresses = 4;

constexpr unsigned no_such_name = 3;
constexpr uint16_t types[] = {1, 28};

void try_next_address(pointer self);

void finish(pointer self) {
  auto& state = self->state;
  state.trial.reset();
  auto& out = state.out;
  state.note(
    "verdict", out.verdict == ec::ok,
    "container " + state.args.rules.who + ": " + hears(out.verdict));
  state.owed->deliver(std::move(out));
  self->quit();
}

// -- the name -----------------------------------------------------------------

std::string asked_by(pointer self, const name_course& course) {
  auto& probes = self->state.args.network->look();
  auto servers = course.how.servers ? *course.how.servers : probes.resolvers();
  return (servers.empty() ? std::string{"no server"} : list_of(servers))
    + " by " + course.by;
}

void take_addresses(pointer self, const std::vector<ip_address>& some) {
  auto& all = self->state.addresses;
  for (const auto& each : some)
    if (all.size() < most_addresses)
      all.push_back(each);
}

void ask_next(pointer self) {
  auto& state = self->state;
  auto& args = state.args;
  if (state.asked == args.courses.size()) {
    if (!state.addresses.empty())
      return try_next_address(self);
    const auto& last = args.courses.front();
    auto [cause, text] = words_of(
      args.to.name, state.unknown,
      last.how.what == dns_course::kind::own ? last.by : asked_by(self, last));
    state.fail(cause, ec::failed, text);
    return finish(self);
  }
  const auto& course = args.courses[state.asked];
  auto type = types[state.asked];
  ++state.asked;
  if (course.how.what == dns_course::kind::own) {
    auto addresses = course.how.own.addresses;
    for (const auto& each : course.how.own.records)
      if (
        each.type == dns_record::kind::a || each.type == dns_record::kind::aaaa)
        addresses.push_back(each.address);
    take_addresses(self, addresses);
    if (course.how.own.what == dns_answer::kind::no_such_name)
      state.unknown.code = no_such_name;
    if (!addresses.empty())
      state.note(
        "name", true,
        args.to.name + " is " + list_of(addresses) + " by " + course.by);
    return ask_next(self);
  }
  state.trial = args.network->look().resolve(
    args.to.name, type, course.how,
    [me = why_actor{self}](const found_name& found) {
      caf::anon_send(me, atom::learned::value, found);
    });
}

void hear_name(pointer self, const found_name& found) {
  auto& state = self->state;
  const auto& course = state.args.courses[state.asked - 1];
  auto asked = asked_by(self, course);
  take_addresses(self, found.addresses);
  if (found.addresses.empty()) {
    auto is_v4 = state.asked == 1;
    if (state.unknown.why.code == ec::ok && state.unknown.code == 0)
      state.unknown = found;
    // Many a name has no IPv6 address, which is nobody's fault.
    if (is_v4 || state.addresses.empty())
      state.note(
        "name", false, words_of(state.args.to.name, found, asked).text);
    // Who has answered nothing once is not asked twice.
    if (found.why.code != ec::ok)
      state.asked = state.args.courses.size();
  } else {
    state.note(
      "name", true,
      state.args.to.name + " is " + list_of(found.addresses) + ", says "
        + asked);
  }
  ask_next(self);
}

void begin(pointer self) {
  auto& state = self->state;
  auto& args = state.args;
  if (args.to.name.empty()) {
    state.addresses = {args.to.at.ip};
    return try_next_address(self);
  }
  auto ours = args.courses.front().how.what == dns_course::kind::own;
  auto said = net::judge_name(args.rules, args.to.name, ours);
  if (!said.allowed) {
    forbid(state, args.to.name, said.rule);
    return finish(self);
  }
  if (!said.rule.empty())
    state.note(
      "policy", true,
      args.to.name + " may be asked for by " + std::string{said.rule});
  args.names.push_back(args.to.name);
  ask_next(self);
}

// -- one address --------------------------------------------------------------

/// The trial that begins now has a deadline and a number of its own.
uint64_t expect(pointer self) {
  auto number = ++self->state.number;
  caf::delayed_anon_send(
    why_actor{self}, patience, atom::ended::value, number,
    error{ec::timed_out, "no answer in 5 seconds"});
  return number;
}

void dial_next(pointer self) {
  auto& state = self->state;
  if (state.targets.empty())
    return try_next_address(self);
  const auto& to = state.targets.front();
  auto& probes = state.args.network->look();
  auto way = probes.way_to(to.ip);
  if (!way) {
    state.note("host", false, way.error().text);
    auto v6 = to.ip.is_v4() ? "" : " for IPv6";
    state.fail(
      way.error().code == ec::forbidden ? "forbidden" : "no_route",
      way.error().code,
      std::string{"this machine has no route"} + v6 + " to "
        + to_string(to.ip));
    state.targets.erase(state.targets.begin());
    return dial_next(self);
  }
  state.note("host", true, to_string(*way));
  auto number = expect(self);
  state.trial = probes.dial(
    to, [me = why_actor{self}, number](const error& how) {
      caf::anon_send(me, atom::ended::value, number, how);
    });
}

void learn_proxy(pointer self, const found_name& found) {
  auto& state = self->state;
  ++state.number;
  state.trial.reset();
  hear_proxy(state, found);
  dial_next(self);
}

void hear_dialed(pointer self, uint64_t number, const error& how) {
  auto& state = self->state;
  if (number != state.number || state.targets.empty())
    return;
  if (!state.proxy.empty())
    return learn_proxy(self, {how, 0, {}});
  ++state.number;
  state.trial.reset();
  auto to = state.targets.front();
  state.targets.erase(state.targets.begin());
  if (how.code == ec::ok) {
    state.note(
      "connect", true,
      to_string(to) + " answers; the connection was closed at once");
    state.out.cause = "ok";
    state.out.verdict = ec::ok;
    state.out.text = "nothing is in the way: " + to_string(to) + " answers";
    return finish(self);
  }
  auto [cause, text] = words_of(to, how);
  state.note("connect", false, text);
  // Whatever has no word of the kernel's is silence.
  state.fail(cause, how.code == ec::failed ? ec::timed_out : how.code, text);
  dial_next(self);
}

void try_next_address(pointer self) {
  auto& state = self->state;
  if (state.address == state.addresses.size())
    return finish(self);
  if (state.address == 0 && !is_admitted(state))
    return finish(self);
  const auto& ip = state.addresses[state.address++];
  if (auto who = neighbour_at(*state.args.network, ip); !who.empty()) {
    state.out.text = "container " + who + " lives at " + to_string(ip)
      + ", and containers reach each other without Pier: what answers is its "
        "service, or RST";
    state.note("route", true, state.out.text);
    return finish(self);
  }
  flow what;
  what.peer = {ip, state.args.to.at.port};
  state.targets = led_targets(state, what, targets_of(state, what));
  if (state.proxy.empty())
    return dial_next(self);
  expect(self);
  state.trial = state.args.network->look().find(
    state.proxy, [me = why_actor{self}](const found_name& found) {
      caf::anon_send(me, atom::learned::value, found);
    });
}

} // namespace

why_actor::behavior_type why(pointer self, why_args args) {
  install_manners(self);
  auto& state = self->state;
  state.args = std::move(args);
  state.clock = &self->clock();
  return {
    on_status(self),
    on_fault(self),
    [self](atom::explain) -> caf::result<explanation> {
      auto& st = self->state;
      auto promise = self->make_response_promise<explanation>();
      st.owed.emplace(promise);
      st.since = st.clock->now();
      begin(self);
      return promise;
    },
    [self](atom::learned, const found_name& found) {
      if (self->state.proxy.empty())
        return hear_name(self, found);
      learn_proxy(self, found);
    },
    [self](atom::ended, uint64_t number, const error& how) {
      hear_dialed(self, number, how);
    },
  };
}

} // namespace pier::actors
