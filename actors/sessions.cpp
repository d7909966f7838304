#include "actors/sessions.hpp"

#include "actors/query.hpp"
#include "actors/runtime/gathering.hpp"
#include "actors/session.hpp"
#include "net/route.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

#include <string_view>
#include <type_traits>

namespace pier::actors {

const char* sessions_state::name = "sessions";

namespace {

using pointer = sessions_actor::stateful_pointer<sessions_state>;

constexpr std::string_view tcp_prefix = "tcp-";
constexpr std::string_view query_prefix = "query-";

void add_session(
  pointer self, net::network* network, const arrival& what, session_args args) {
  auto& state = self->state;
  ++state.pending;
  if (what.what.proto == protocol::tcp)
    ++state.connections;
  auto id = std::string{to_string(what.what.proto)} + "-"
    + std::to_string(++state.flows);
  args.parent = sessions_actor{self};
  auto child = self->spawn(session, network, what, std::move(args));
  state.children->adopt(std::move(id), caf::actor_cast<caf::actor>(child));
}

/// One that asks for what it may not have hears so at once.
void admit(pointer self, net::network* network, const arrival& what) {
  auto& state = self->state;
  if (const auto* limit = state.limit_of(what.what); limit != nullptr) {
    ++state.declined[limit];
    network->decline(what.number, ec::exhausted);
    return;
  }
  session_args args;
  auto targets = net::route(state.network, what.what);
  if (!targets) {
    args.why = targets.error().code;
    return add_session(self, network, what, std::move(args));
  }
  args.names = state.names.names_of(what.what.peer.ip, self->clock().now());
  auto said = net::judge(state.rules, what.what, args.names);
  args.rule = said.rule;
  if (said.allowed) {
    args.targets = std::move(*targets);
  } else {
    ++state.forbidden[args.rule];
    args.why = ec::forbidden;
  }
  add_session(self, network, what, std::move(args));
}

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
dns_course steer(pointer self, const dns_question& what, dns_course how) {
  auto& state = self->state;
  auto refuse = [&](dns_refusal why) {
    how.what = dns_course::kind::refuse;
    how.why = why;
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
  if (net::is_meant(state.rules, what.name)) {
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
  auto id = std::string{query_prefix} + std::to_string(++state.queries);
  auto child = self->spawn(
    query, network, what, std::move(how), sessions_actor{self});
  state.children->adopt(std::move(id), caf::actor_cast<caf::actor>(child));
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
      if (!id.starts_with(query_prefix))
        all.ask<bool>(
          self, caf::actor_cast<session_actor>(child), count, verb, rules, at,
          moved);
    });
  return all.answer();
}

/// In no order: they answer as they come.
caf::result<std::vector<flow_info>> list_flows(pointer self) {
  using flows = std::vector<flow_info>;
  gathering<flows> all{self->make_response_promise<flows>()};
  self->state.children->for_each(
    [&](const std::string& id, const caf::actor& child) {
      if (id.starts_with(query_prefix))
        return;
      auto add = [id](flows& some, flow_info one) {
        one.path = std::string{sessions_state::name} + "/" + id;
        some.push_back(std::move(one));
      };
      all.ask<flow_info>(
        self, caf::actor_cast<session_actor>(child), add, atom::flows::value);
    });
  return all.answer();
}

} // namespace

health sessions_state::describe() const {
  health out;
  out.facts.emplace_back("now", std::to_string(children->size()));
  out.facts.emplace_back("flows", std::to_string(flows));
  out.facts.emplace_back("queries", std::to_string(queries));
  if (pending > 0)
    out.facts.emplace_back("pending", std::to_string(pending));
  for (const auto& [limit, times] : declined)
    out.facts.emplace_back("declined by " + limit, std::to_string(times));
  for (const auto& [rule, times] : forbidden)
    out.facts.emplace_back("forbidden by " + rule, std::to_string(times));
  if (ended > 0)
    out.facts.emplace_back("ended by new settings", std::to_string(ended));
  if (refused > 0)
    out.facts.emplace_back("refused", std::to_string(refused));
  return out;
}

void sessions_state::adopt(policy_ptr by) {
  rules.by = std::move(by);
  limits = net::limits_of(rules);
  // They are counted by the rules that are there.
  forbidden.clear();
}

const char* sessions_state::limit_of(const flow& what) const {
  constexpr uint64_t descriptors_each = 2;
  auto now = children->size();
  if (pending >= most.pending)
    return "pending";
  if (now >= most.flows || (limits.flows && now >= *limits.flows))
    return "flows";
  if (
    limits.descriptors
    && held_by_ports + descriptors_each * (now + 1) > *limits.descriptors)
    return "descriptors";
  if (
    what.proto == protocol::tcp && limits.connections
    && connections >= *limits.connections)
    return "connections";
  return nullptr;
}

lease sessions_state::lease_in(const renumbering_ptr& addresses) const {
  if (!addresses)
    return {};
  auto found = addresses->leases.find(rules.who);
  return found == addresses->leases.end() ? lease{} : found->second;
}

sessions_actor::behavior_type sessions(
  pointer self, net::network* network, const net::guest_network& guests,
  guest_limits most, guest_rules rules, reporter news) {
  auto& state = self->state;
  state.children.emplace(
    self, state.name, fate::alone, restart_budget{}, std::move(news));
  state.children->describe = [self] { return self->state.describe(); };
  state.children->on_gone = [self](const std::string& id, const caf::error&) {
    if (id.starts_with(tcp_prefix))
      --self->state.connections;
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
    on_revive(self),
    on_grace(self),
    [=](atom::admit, const arrival& what) { admit(self, network, what); },
    [=](
      atom::admit, const arrival& what, const std::vector<endpoint>& targets) {
      session_args args;
      args.targets = targets;
      args.why = ec::refused;
      add_session(self, network, what, std::move(args));
    },
    [=](atom::ask, const dns_question& what, dns_course& how) {
      add_query(self, network, what, steer(self, what, std::move(how)));
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
          if (!id.starts_with(query_prefix))
            caf::anon_send(
              caf::actor_cast<session_actor>(child), verb, addresses);
        });
    },
    [=](atom::adopt, const limit_settings& by) {
      self->state.most = {by.pending, by.flows};
    },
    [=](atom::published, uint64_t descriptors) {
      self->state.held_by_ports = descriptors;
    },
    [=](
      atom::learned, const std::string& name,
      const std::vector<ip_address>& addresses, std::chrono::seconds ttl) {
      self->state.names.learn(name, addresses, ttl, self->clock().now());
    },
    [=](atom::flows) { return list_flows(self); },
    [=](atom::joined) { --self->state.pending; },
  };
}

} // namespace pier::actors
