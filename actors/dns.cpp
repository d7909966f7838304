#include "actors/dns.hpp"

#include "actors/runtime/manners.hpp"
#include "net/gateway/address_plan.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* dns_state::name = "dns";

health dns_state::describe() const {
  health out;
  out.kind = name;
  out.facts.emplace_back("names", std::to_string(guests.entries().size()));
  out.facts.emplace_back("questions", std::to_string(questions));
  auto cached = network->count_dns_cache();
  if (by.cache.entries > 0)
    out.facts.emplace_back("cached", std::to_string(cached.entries));
  if (cached.hits > 0)
    out.facts.emplace_back("hits", std::to_string(cached.hits));
  if (strangers > 0)
    out.facts.emplace_back("strangers", std::to_string(strangers));
  return out;
}

void dns_state::follow_household() {
  zone.containers.clear();
  for (const auto& [who, entry] : guests.entries())
    zone.containers[who] = {entry.at.v4, entry.at.v6};
}

void dns_state::adopt(const settings& with) {
  zone.suffixes = with.network.suffixes;
  zone.hosts = {with.network.hosts.begin(), with.network.hosts.end()};
  auto plan = net::plan_network(with.network);
  auto known = [&](const ip_address& v4, const ip_address& v6) {
    return net::address_pair{
      plan.guests_have4 ? v4 : ip_address::any(family::v4),
      plan.guests_have6 ? v6 : ip_address::any(family::v6)};
  };
  zone.gateway = known(plan.gateway, plan.gateway6);
  zone.host = known(plan.host, plan.host6);
  zone.proxy = known(plan.proxy, plan.proxy6);
  if (adopted && with.dns == by)
    return;
  adopted = true;
  by = with.dns;
  decision = net::dns_decision{by};
  network->renew_dns_cache(by.cache);
}

std::vector<name_course> dns_state::explain(const std::string& of) const {
  constexpr uint16_t type_a = 1, type_aaaa = 28;
  std::vector<name_course> out;
  for (auto type : {type_a, type_aaaa}) {
    dns_question what;
    what.name = of;
    what.type = type;
    auto has_ipv6 = !decision.asks_for_ipv6(what) || network->has_ipv6();
    auto course = decision.decide(zone, what, has_ipv6);
    auto setting = decision.setting_of(course, what);
    out.push_back({std::move(course), std::move(setting)});
  }
  return out;
}

dns_actor::behavior_type dns(
  dns_actor::stateful_pointer<dns_state> self, net::network* network,
  const settings& with) {
  install_manners(self);
  self->state.network = network;
  self->state.adopt(with);
  self->set_down_handler([self](caf::down_msg& who) {
    if (self->state.guests.leave(who.source))
      self->state.follow_household();
  });
  network->watch_dns([me = dns_actor{self}](const dns_question& what) {
    caf::anon_send(me, atom::ask::value, what);
  });
  return {
    on_status(self),
    on_fault(self),
    [self](
      atom::house, const std::string& who, const lease& at,
      const sessions_actor& sessions) {
      self->state.guests.enter(self, who, at, sessions);
      self->state.follow_household();
    },
    [self](atom::adopt, const settings_ptr& next) { self->state.adopt(*next); },
    [self](atom::explain, const std::string& name) {
      return self->state.explain(name);
    },
    [self, network](atom::ask, const dns_question& what) {
      auto& st = self->state;
      ++st.questions;
      auto sessions = st.guests.at(what.guest.ip);
      if (sessions == nullptr) {
        // Whoever is not one of ours is told so: SERVFAIL.
        ++st.strangers;
        network->claim_query(what.number, [](const dns_event&) {});
        return;
      }
      auto has_ipv6 = !st.decision.asks_for_ipv6(what) || network->has_ipv6();
      auto course = st.decision.decide(st.zone, what, has_ipv6);
      course.when = self->clock().now();
      caf::anon_send(*sessions, atom::ask::value, what, std::move(course));
    },
  };
}

} // namespace pier::actors
