#include "net/verdict.hpp"

#include "net/route.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace pier::net {

namespace {

using effect = policy_rule::effect;

/// What is asked for the rules, in order, until one of them speaks.
struct section {
  const std::vector<policy_rule>* rules;
  effect what;
};

const container_policy* own_policy(const guest_rules& rules) {
  auto found = rules.by->containers.find(rules.who);
  return found == rules.by->containers.end() ? nullptr : &found->second;
}

/// The first rule that speaks; the container's own word goes before.
template <class Matches>
const policy_rule* first(const guest_rules& rules, Matches matches) {
  static const std::vector<policy_rule> none;
  const auto* own = own_policy(rules);
  const auto& mine = own == nullptr ? none : own->rules;
  const std::array<section, 4> order{
    section{&mine, effect::deny}, section{&mine, effect::allow},
    section{&rules.by->rules, effect::deny},
    section{&rules.by->rules, effect::allow}};
  for (const auto& each : order)
    for (const auto& rule : *each.rules)
      if (rule.what == each.what && matches(rule))
        return &rule;
  return nullptr;
}

bool has_air_gap(const guest_rules& rules) {
  const auto* own = own_policy(rules);
  return own != nullptr && own->air_gap ? *own->air_gap : rules.by->air_gap;
}

verdict by(const policy_rule& rule) {
  return {rule.what == effect::allow, rule.name};
}

constexpr verdict air_gap{false, "air gap"};

/// "example.com" means itself, "*.example.com" all below it.
bool fits(std::string_view pattern, std::string_view name) {
  if (!pattern.starts_with("*."))
    return pattern == name;
  auto end = pattern.substr(1);
  return name.size() > end.size() && name.ends_with(end);
}

bool goes_to(const policy_rule& rule, const ip_address& ip) {
  if (rule.to->contains(ip))
    return true;
  if (rule.what == effect::allow)
    return false;
  auto inner = wrapped(ip);
  return inner && rule.to->contains(*inner);
}

bool means(
  const policy_rule& rule, const flow& what,
  std::span<const std::string> names) {
  if (rule.proto && *rule.proto != what.proto)
    return false;
  auto port = what.peer.port;
  if (
    rule.ports
    && (what.proto == protocol::icmp || port < rule.ports->first
        || port > rule.ports->last))
    return false;
  if (rule.to && !goes_to(rule, what.peer.ip))
    return false;
  return rule.host.empty()
    || std::any_of(names.begin(), names.end(), [&](const auto& name) {
           return fits(rule.host, name);
         });
}

template <class Into, class Own>
void prefer(Into& into, const std::optional<Own>& own) {
  if (own)
    into = *own;
}

} // namespace

verdict judge(
  const guest_rules& rules, const flow& what,
  std::span<const std::string> names) {
  if (!rules.by || what.way == direction::inbound)
    return {};
  const auto* rule = first(
    rules, [&](const auto& each) { return means(each, what, names); });
  if (rule != nullptr)
    return by(*rule);
  return has_air_gap(rules) ? air_gap : verdict{};
}

verdict judge_name(const guest_rules& rules, std::string_view name, bool ours) {
  if (!rules.by)
    return {};
  const auto* rule = first(rules, [&](const auto& each) {
    auto whole = !each.ports && !each.proto;
    return !each.host.empty() && (whole || each.what == effect::allow)
      && fits(each.host, name);
  });
  if (rule != nullptr)
    return by(*rule);
  return has_air_gap(rules) && !ours ? air_gap : verdict{};
}

bool is_meant(const guest_rules& rules, std::string_view name) {
  return rules.by
    && first(
         rules,
         [&](const auto& each) {
           return !each.host.empty() && fits(each.host, name);
         })
    != nullptr;
}

policy_limits limits_of(const guest_rules& rules) {
  if (!rules.by)
    return {};
  auto out = rules.by->limits;
  if (const auto* own = own_policy(rules)) {
    prefer(out.connections, own->limits.connections);
    prefer(out.flows, own->limits.flows);
    prefer(out.queries, own->limits.queries);
    prefer(out.descriptors, own->limits.descriptors);
  }
  return out;
}

ssh_agent_terms agent_terms_of(const guest_rules& rules) {
  if (!rules.by)
    return {};
  auto out = rules.by->ssh_agent;
  if (const auto* own = own_policy(rules)) {
    prefer(out.enabled, own->ssh_agent.enabled);
    prefer(out.keys, own->ssh_agent.keys);
    prefer(out.confirm, own->ssh_agent.confirm);
    prefer(out.changes, own->ssh_agent.changes);
  }
  return out;
}

} // namespace pier::net
