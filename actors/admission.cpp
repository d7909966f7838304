#include "actors/admission.hpp"

#include "actors/proxy_session.hpp"
#include "actors/sessions_flows.hpp"
#include "net/proxy/proxy_rule.hpp"
#include "net/route.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <string>

namespace pier::actors {

namespace {

using pointer = sessions_pointer;

std::string enter(
  pointer self, const flow& what, const std::string& port,
  const std::string& rule) {
  auto& state = self->state;
  ++state.pending;
  if (what.proto == protocol::tcp)
    ++state.connections;
  auto id = std::string{to_string(what.proto)} + "-"
    + std::to_string(++state.flows);
  count_begin(*state.counted, what, port);
  state.news.log(log_level::debug, [&] {
    return id + ": " + to_string(what) + (rule.empty() ? "" : ", by " + rule);
  });
  return id;
}

void add_proxied(
  pointer self, net::network* network, const arrival& what,
  proxy_session_args args) {
  auto& state = self->state;
  auto id = enter(self, what.what, {}, args.rule);
  args.network = network;
  args.rules = state.rules;
  args.guests = state.network;
  args.namer = state.namer;
  args.parent = sessions_actor{self};
  auto child = self->spawn(proxy_session, what, std::move(args));
  state.children->adopt(std::move(id), caf::actor_cast<caf::actor>(child));
}

/// Whether a flow that may leave is led to a proxy. What is excluded by its
/// address, or by a name that the guest was told for it, is known now; of
/// another name a connection's first bytes tell.
bool is_led(
  pointer self, const net::network& network, const flow& what,
  const std::vector<std::string>& names) {
  const auto& guests = self->state.network;
  if (
    what.proto == protocol::icmp || what.peer.ip == guests.host
    || what.peer.ip == guests.host6)
    return false;
  const auto& by = proxy_now(self, network);
  auto port = what.peer.port;
  auto is_left_alone = [&](const std::string& host) {
    auto goes_directly = [&](bool is_http) {
      auto said = net::choose_proxy(by, host, port, is_http);
      return !said.asks_script && said.way.way == proxy_choice::kind::direct;
    };
    return goes_directly(true) && goes_directly(false);
  };
  return by.leads(port) && !is_left_alone(to_string(what.peer.ip))
    && std::none_of(names.begin(), names.end(), is_left_alone);
}

/// Datagrams go by a SOCKS5 proxy, if by any; a script is not asked about them,
/// since they have no URL.
void lead_datagrams(
  pointer self, const net::network& network, const flow& what,
  session_args& into) {
  const auto& by = proxy_now(self, network);
  auto said = net::choose_proxy(
    by, to_string(what.peer.ip), what.peer.port, false);
  if (said.way.way == proxy_choice::kind::blocked) {
    into.targets.clear();
    into.why = ec::forbidden;
    into.rule = said.rule;
  }
  auto is_through = said.way.way == proxy_choice::kind::through;
  if (is_through && !said.way.proxy.speaks_http())
    into.through = proxy_way{
      said.way.proxy, by.terms.credentials, what.peer, false};
}

} // namespace

const net::guest_proxy& proxy_now(pointer self, const net::network& network) {
  auto& state = self->state;
  if (!state.proxy || state.proxy_by != network.system_proxy()) {
    state.proxy_by = network.system_proxy();
    state.proxy = net::proxy_of(state.rules, *state.proxy_by);
  }
  return *state.proxy;
}

void add_session(
  pointer self, net::network* network, const arrival& what, session_args args) {
  auto& state = self->state;
  auto id = enter(self, what.what, args.port, args.rule);
  args.parent = sessions_actor{self};
  if (!args.port.empty())
    state.clients.enter(id, args.port);
  auto child = self->spawn(session, network, what, std::move(args));
  state.children->adopt(std::move(id), caf::actor_cast<caf::actor>(child));
}

void admit(pointer self, net::network* network, const arrival& what) {
  auto& state = self->state;
  auto decline = [&](const char* by, ec why) {
    ++state.declined[by];
    count_refusal(*state.counted, what.what, why);
    state.news.log(log_level::debug, [&] {
      return to_string(what.what) + " was declined by " + by;
    });
    network->decline(what.number, why);
  };
  if (state.paused)
    return decline("pause", ec::refused);
  if (const auto* limit = state.limit_of(what.what); limit != nullptr)
    return decline(limit, ec::exhausted);
  if (net::is_for_proxy(state.network, what.what))
    return add_proxied(self, network, what, {});
  session_args args;
  auto targets = net::route(state.network, what.what);
  if (!targets) {
    args.why = targets.error().code;
    return add_session(self, network, what, std::move(args));
  }
  args.names = state.names.names_of(what.what.peer.ip, self->clock().now());
  auto said = net::judge(state.rules, what.what, args.names);
  args.rule = said.rule;
  auto led_on = said.allowed && is_led(self, *network, what.what, args.names);
  if (led_on && what.what.proto == protocol::tcp) {
    proxy_session_args led;
    led.who = net::proxy_client::unknowing;
    led.names = std::move(args.names);
    led.rule = std::move(args.rule);
    return add_proxied(self, network, what, std::move(led));
  }
  if (said.allowed) {
    args.targets = std::move(*targets);
  } else {
    ++state.forbidden[args.rule];
    args.why = ec::forbidden;
  }
  if (led_on)
    lead_datagrams(self, *network, what.what, args);
  add_session(self, network, what, std::move(args));
}

} // namespace pier::actors
