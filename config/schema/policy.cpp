#include "config/container_row.hpp"
#include "config/egress_grammar.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"

#include <algorithm>
#include <iterator>

namespace pier::config {

namespace {

using effect = policy_rule::effect;
using rules = std::vector<policy_rule>;

constexpr size_t most_rules = 1024;
constexpr int64_t most_flows = 1000000;

const char* word_of(effect what) {
  return what == effect::deny ? "deny" : "allow";
}

rules those(const rules& all, effect what) {
  rules out;
  std::copy_if(
    all.begin(), all.end(), std::back_inserter(out),
    [=](const auto& each) { return each.what == what; });
  return out;
}

/// Those that deny stand first, whatever order the file has.
void put(rules& into, effect what, const rules& next) {
  auto others = those(
    into, what == effect::deny ? effect::allow : effect::deny);
  const auto& first = what == effect::deny ? next : others;
  const auto& second = what == effect::deny ? others : next;
  into = first;
  into.insert(into.end(), second.begin(), second.end());
}

grammar<rules> rules_of(const std::string& path, effect what) {
  return list_of(egress_rule(path, what), 0, most_rules);
}

key rules_row(effect what, std::string help) {
  key out;
  out.path = std::string{"policy."} + word_of(what);
  auto how = rules_of(out.path, what);
  out.words = how.words;
  out.help = std::move(help);
  out.read = [=](const written& from, settings& into, complaints& wrong) {
    if (auto value = how.read(from.value, wrong))
      put(into.policy.rules, what, *value);
  };
  out.names = [](const settings&) { return std::vector<std::string>{""}; };
  out.write = [=](const settings& from, const std::string&) {
    return how.write(those(from.policy.rules, what));
  };
  return out;
}

key container_rules_row(effect what, std::string help, std::string example) {
  return container_row<rules>(
    word_of(what),
    [=](const std::string& path) { return rules_of(path, what); },
    [=](const container_policy& from) -> std::optional<rules> {
      auto its = those(from.rules, what);
      return its.empty() ? std::nullopt : std::optional{its};
    },
    [=](container_policy& into, const std::optional<rules>& value) {
      put(into.rules, what, value.value_or(rules{}));
    },
    std::move(help), example);
}

key container_limit_row(
  const std::string& leaf, std::optional<size_t> policy_limits::*field,
  std::string help) {
  return container_row<size_t>(
    leaf, [](const std::string&) { return as<size_t>(integer(0, most_flows)); },
    [=](const container_policy& from) { return from.limits.*field; },
    [=](container_policy& into, std::optional<size_t> value) {
      into.limits.*field = value;
    },
    std::move(help), "web." + leaf + " = 100");
}

key limit_row(
  std::string path, std::optional<size_t> policy_limits::*field,
  std::string help) {
  auto at = [=](auto& all) -> auto& {
    return all.policy.limits.*field;
  };
  return row(std::move(path), at, limit(most_flows), std::move(help));
}

} // namespace

section policy_section() {
  return {
    "policy",
    "What may leave the guest network. What may not hears so at once: "
    "\"administratively prohibited\", and names are REFUSED. A container's own "
    "word (see below) goes before what stands here, and deny before allow.",
    {
      rules_row(effect::deny, "What may not leave."),
      rules_row(
        effect::allow,
        "Exceptions, from deny rules of nobody's own section and from the air "
        "gap. A rule by name means the addresses that a container was told "
        "for it."),
      row(
        "policy.air_gap", &settings::policy, &policy::air_gap, yes_or_no(),
        "Nothing leaves but what an allow rule means, and of names only our "
        "own are answered, and those that one names."),
      limit_row(
        "policy.connections", &policy_limits::connections,
        "TCP connections of one container at once; more are dropped, and come "
        "again."),
      limit_row(
        "policy.queries", &policy_limits::queries,
        "Names that one container may ask for in a second; more are REFUSED."),
    }};
}

section container_section() {
  section out{
    "container",
    "The same for one container, by name.",
    {
      container_rules_row(
        effect::deny, "What this one may not reach.",
        R"(web.deny = ["10.0.0.0/8", "*.ads.example"])"),
      container_rules_row(
        effect::allow, "What this one may, whatever stands in [policy].",
        R"(web.allow = ["registry.example tcp 443"])"),
      container_row<bool>(
        "air_gap", [](const std::string&) { return yes_or_no(); },
        [](const container_policy& from) { return from.air_gap; },
        [](container_policy& into, std::optional<bool> value) {
          into.air_gap = value;
        },
        "Whether this one lives behind an air gap.", "web.air_gap = true"),
      container_limit_row(
        "connections", &policy_limits::connections,
        "TCP connections of this one at once."),
      container_limit_row(
        "flows", &policy_limits::flows,
        "Connections, UDP flows and pings of this one at once, if fewer than "
        "limits.flows."),
      container_limit_row(
        "queries", &policy_limits::queries,
        "Names that this one may ask for in a second."),
      container_limit_row(
        "descriptors", &policy_limits::descriptors,
        "Descriptors of ours that this one may hold, as limits.descriptors."),
    }};
  for (auto rows : {container_agent_rows(), container_proxy_rows()})
    std::move(rows.begin(), rows.end(), std::back_inserter(out.keys));
  return out;
}

} // namespace pier::config
