#include "actors/why_proxy.hpp"

#include "actors/why_words.hpp"
#include "net/proxy/proxy_rule.hpp"

#include <utility>

namespace pier::actors {

namespace {

constexpr uint16_t http_port = 80;

/// No other address would come to anything else.
std::vector<endpoint> end(why_state& state) {
  state.address = state.addresses.size();
  return {};
}

} // namespace

std::vector<endpoint>
led_targets(why_state& state, const flow& what, std::vector<endpoint> targets) {
  auto by = net::proxy_of(
    state.args.rules, *state.args.network->system_proxy());
  auto is_own = targets != std::vector<endpoint>{what.peer};
  if (targets.empty() || is_own || !(by.is_set() || by.blocks()))
    return targets;
  const auto& name = state.args.to.name;
  auto port = what.peer.port;
  auto chosen = net::choose_proxy(
    by, name.empty() ? to_string(what.peer.ip) : name, port, port == http_port);
  if (chosen.asks_script) {
    state.note("proxy", true, "as a script says: " + chosen.rule);
    state.out.text = "nothing is in the way before the script, which has not "
                     "been asked: "
      + chosen.rule;
    return end(state);
  }
  if (chosen.way.way == proxy_choice::kind::blocked) {
    state.note("proxy", false, chosen.way.why);
    state.fail("proxy_blocked", ec::reset, chosen.way.why);
    return end(state);
  }
  if (chosen.way.way == proxy_choice::kind::direct) {
    state.note("proxy", true, "directly: " + chosen.rule);
    return targets;
  }
  auto through = to_string(chosen.way.proxy);
  if (!by.leads(port)) {
    state.note(
      "proxy", true,
      "directly, unless it asks our proxy: port " + std::to_string(port)
        + " is not among " + by.by + ".transparent_ports");
    return targets;
  }
  state.note("proxy", true, "by " + through + ": " + chosen.rule);
  end(state);
  if (auto ip = ip_address::parse(chosen.way.proxy.host))
    return {{*ip, chosen.way.proxy.port}};
  state.proxy = chosen.way.proxy.host;
  return {{ip_address{}, chosen.way.proxy.port}};
}

void hear_proxy(why_state& state, const found_name& found) {
  auto name = std::exchange(state.proxy, {});
  auto port = std::exchange(state.targets, {}).front().port;
  if (found.addresses.empty()) {
    auto text = "proxy " + name + ": " + found.why.text;
    state.note("proxy", false, text);
    state.fail("proxy_unknown", ec::reset, text);
    return;
  }
  state.note(
    "proxy", true,
    name + " is " + list_of(found.addresses) + " to this machine");
  for (const auto& each : found.addresses)
    state.targets.push_back({each, port});
}

} // namespace pier::actors
