#include "actors/sessions.hpp"

#include "actors/admission.hpp"
#include "actors/query.hpp"
#include "actors/runtime/gathering.hpp"
#include "actors/sessions_flows.hpp"
#include "actors/why.hpp"
#include "net/proxy/bypass.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

#include <string_view>
#include <type_traits>

namespace pier::actors {

namespace {

using pointer = sessions_pointer;

/// Our own answers are learned here, those of others when they come.
void learn_own(
  pointer self, const std::string& name, const dns_answer& answer) {
  auto addresses = answer.addresses;
  for (const auto& each : answer.records)
    if (each.type == dns_record::kind::a || each.type == dns_record::kind::aaaa)
      addresses.push_back(each.address);
  self->state.names.learn(
    name, addresses, std::chrono::seconds{answer.ttl}, self->clock().now());
}

/// The course that the rules leave to a question.
dns_course steer(
  pointer self, const net::network& network, const dns_question& what,
  dns_course how) {
  auto& state = self->state;
  auto refuse = [&](dns_refusal why) {
    how.what = dns_course::kind::refuse;
    how.why = why;
    state.note(
      what.name,
      why == dns_refusal::blocked ? dns_outcome::blocked
                                  : dns_outcome::prohibited);
    return how;
  };
  auto limit = state.limits.queries;
  if (limit && !state.questions.take(*limit, self->clock().now())) {
    ++state.refused;
    return refuse(dns_refusal::prohibited);
  }
  auto is_own = how.what == dns_course::kind::own;
  auto said = net::judge_name(state.rules, what.name, is_own);
  if (!said.allowed) {
    ++state.forbidden[std::string{said.rule}];
    return refuse(dns_refusal::blocked);
  }
  if (is_own)
    state.note(what.name, dns_outcome::own);
  // What goes by no proxy is known by its name, too.
  auto& by = proxy_now(self, network).terms.exclude;
  if (
    net::is_meant(state.rules, what.name)
    || net::find_exclusion(by, what.name, 0) != nullptr) {
    how.learn = true;
    if (is_own)
      learn_own(self, what.name, how.own);
  }
  return how;
}

void add_query(
  pointer self, net::network* network, const dns_question& what,
  dns_course how) {
  auto& state = self->state;
  ++state.asking;
  auto id = std::string{sessions_state::query_prefix}
    + std::to_string(++state.queries);
  auto child = self->spawn(
    query, network, what, std::move(how), sessions_actor{self});
  state.children->adopt(std::move(id), caf::actor_cast<caf::actor>(child));
}

caf::result<explanation> explain(
  pointer self, net::network* network, const destination& to,
  const std::vector<name_course>& courses) {
  auto& state = self->state;
  why_args args{network, to, courses, state.rules, state.network, {}, {}};
  if (to.name.empty())
    args.names = state.names.names_of(to.at.ip, self->clock().now());
  flow what;
  what.peer = to.at;
  if (state.paused)
    args.declined = "pause";
  else if (const auto* limit = state.limit_of(what); limit != nullptr)
    args.declined = limit;
  ++state.asking;
  auto id = std::string{sessions_state::why_prefix}
    + std::to_string(++state.whys);
  auto child = self->spawn(why, std::move(args));
  state.children->adopt(std::move(id), caf::actor_cast<caf::actor>(child));
  return self->delegate(child, atom::explain::value);
}

/// Asks every session whether it may stay. The answer is how many may not.
template <class Verb>
caf::result<uint64_t>
ask_all(pointer self, Verb verb, policy_ptr by, const renumbering_ptr& moved) {
  guest_rules rules{self->state.rules.who, std::move(by)};
  auto at = self->state.lease_in(moved);
  gathering<uint64_t> all{self->make_response_promise<uint64_t>()};
  auto count = [self](uint64_t& sum, bool ends) {
    sum += ends ? 1 : 0;
    if (std::is_same_v<Verb, atom::judge>)
      self->state.ended += ends ? 1 : 0;
  };
  self->state.children->for_each(
    [&](const std::string& id, const caf::actor& child) {
      if (sessions_state::is_flow(id))
        all.ask<bool>(
          self, caf::actor_cast<session_actor>(child), count, verb, rules, at,
          moved);
    });
  return all.answer();
}

caf::result<uint64_t> await_end(
  pointer self, const std::string& port, std::chrono::milliseconds patience) {
  auto& state = self->state;
  auto promise = self->make_response_promise<uint64_t>();
  auto number = state.waiting.add(port, promise);
  state.waiting.settle([&](const auto& each) { return state.count(each); });
  caf::delayed_anon_send(
    sessions_actor{self}, patience, atom::drain::value, number);
  return promise;
}

} // namespace

sessions_actor::behavior_type sessions(
  pointer self, net::network* network, const net::guest_network& guests,
  guest_limits most, guest_rules rules, tally_ptr counted, reporter news) {
  auto& state = self->state;
  state.news = news;
  state.adopt(std::move(counted));
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, std::move(news));
  state.children->describe = [self] { return self->state.describe(); };
  state.children->on_gone = [self](const std::string& id, const caf::error&) {
    self->state.lose(id);
  };
  state.network = guests;
  state.most = most;
  state.rules.who = std::move(rules.who);
  state.adopt(std::move(rules.by));
  return {
    on_survey(self),
    on_fault(self),
    on_fault_path(self),
    on_find(self),
    on_act_path(self),
    on_revive(self),
    on_grace(self),
    [=](atom::admit, const arrival& what) { admit(self, network, what); },
    [=](
      atom::admit, const arrival& what, const std::vector<endpoint>& targets,
      const std::string& port) {
      session_args args;
      args.targets = targets;
      args.why = ec::refused;
      args.port = port;
      add_session(self, network, what, std::move(args));
    },
    [=](atom::ask, const dns_question& what, dns_course& how) {
      add_query(
        self, network, what, steer(self, *network, what, std::move(how)));
    },
    [=](atom::adopt, const flow_terms& by) {
      auto& st = self->state;
      if (by.rules)
        st.adopt(by.rules);
      if (by.addresses)
        st.network = net::plan_network(by.addresses->is);
      return ask_all(self, atom::judge::value, st.rules.by, by.addresses);
    },
    [=](atom::weigh verb, const flow_terms& by) {
      return ask_all(
        self, verb, by.rules ? by.rules : self->state.rules.by, by.addresses);
    },
    [=](atom::weigh) { return uint64_t{self->state.children->size()}; },
    [=](atom::vacated verb, const std::vector<ip_address>& addresses) {
      self->state.children->for_each(
        [&](const std::string& id, const caf::actor& child) {
          if (sessions_state::is_flow(id))
            caf::anon_send(
              caf::actor_cast<session_actor>(child), verb, addresses);
        });
    },
    [=](atom::adopt, const limit_settings& by) {
      self->state.most = {by.pending, by.flows};
    },
    [=](atom::meet, const namer_actor& namer) { self->state.namer = namer; },
    [=](atom::published, uint64_t descriptors) {
      self->state.held_by_ports = descriptors;
    },
    [=](
      atom::learned, const std::string& name,
      const std::vector<ip_address>& addresses, std::chrono::seconds ttl) {
      self->state.names.learn(name, addresses, ttl, self->clock().now());
    },
    [=](atom::flows) { return list_flows(self); },
    [=](atom::pause, bool on) { self->state.paused = on; },
    [=](
      atom::drain, const std::string& port,
      std::chrono::milliseconds patience) {
      return await_end(self, port, patience);
    },
    [=](atom::drain, uint64_t number) {
      const auto& st = self->state;
      self->state.waiting.give_up(
        number, [&st](const auto& port) { return st.count(port); });
    },
    [=](
      atom::explain, const destination& to,
      const std::vector<name_course>& courses) {
      return explain(self, network, to, courses);
    },
    [=](atom::explain, const std::string& port) {
      return self->state.clients.last(port);
    },
    [=](atom::tally) { return count_bytes(self); },
    [=](atom::ended, const flow_end& last) { self->state.bury(last); },
    [=](
      atom::answered, const std::string& name, dns_outcome how,
      std::chrono::microseconds latency) {
      self->state.counted->names.add(latency);
      self->state.note(name, how);
    },
    [=](atom::joined) { --self->state.pending; },
  };
}

} // namespace pier::actors
