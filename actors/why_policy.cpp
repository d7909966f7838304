#include "actors/why_policy.hpp"

#include "actors/why_words.hpp"
#include "net/route.hpp"
#include "net/verdict.hpp"

namespace pier::actors {

void forbid(why_state& state, const std::string& what, std::string_view rule) {
  auto is_gap = rule == "air gap";
  std::string text = is_gap ? what
      + " is forbidden: behind the air gap only what a rule allows is "
        "reached"
                            : what + " is forbidden by " + std::string{rule};
  state.note("policy", false, text);
  state.fail(
    is_gap                         ? "air_gap"
      : what == state.args.to.name ? "name_forbidden"
                                   : "forbidden",
    what == state.args.to.name ? ec::failed : ec::forbidden, text);
}

bool is_admitted(why_state& state) {
  const auto& by = state.args.declined;
  if (by.empty())
    return true;
  auto who = state.args.rules.who;
  auto text = by == "pause"
    ? "container " + who + " is paused: pier resume " + who
    : "container " + who + " has reached its limit of " + by
      + ": raise it in the settings, or wait for a flow to end";
  state.note("limit", false, text);
  state.fail(
    by == "pause" ? "paused" : "limit",
    by == "pause" ? ec::refused : ec::exhausted, text);
  return false;
}

std::vector<endpoint> targets_of(why_state& state, const flow& what) {
  auto targets = net::route(state.args.guests, what);
  if (!targets) {
    state.note("route", false, targets.error().text);
    state.fail(
      std::string{to_string(targets.error().code)}, targets.error().code,
      targets.error().text);
    return {};
  }
  auto said = net::judge(state.args.rules, what, state.args.names);
  if (!said.allowed) {
    forbid(state, to_string(what.peer), said.rule);
    return {};
  }
  state.note(
    "policy", true,
    said.rule.empty() ? "no rule forbids " + to_string(what.peer)
                      : "allowed by " + std::string{said.rule});
  if (*targets != std::vector<endpoint>{what.peer})
    state.note("route", true, "leads to " + list_of(*targets));
  return *targets;
}

} // namespace pier::actors
