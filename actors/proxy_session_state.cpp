#include "actors/proxy_session.hpp"
#include "net/route.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* proxy_session_state::name = "proxy_session";

namespace {

const char* to_text(proxy_session_state::phase now) {
  switch (now) {
    case proxy_session_state::phase::waiting:
      return "waiting";
    case proxy_session_state::phase::open:
      return "open";
    default:
      return "dialing";
  }
}

} // namespace

proxy_session_state::~proxy_session_state() {
  settle();
  tell_end();
}

traffic proxy_session_state::take_untold() {
  if (talk)
    bytes = talk->bytes();
  auto before = std::exchange(told, bytes);
  return {bytes.sent - before.sent, bytes.received - before.received};
}

void proxy_session_state::tell_end() {
  flow_end last;
  last.what = what;
  last.state = came_about ? "open" : to_text(now);
  last.why = end_as;
  last.untold = take_untold();
  last.bytes = bytes;
  last.milliseconds = static_cast<uint64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(clock->now() - born)
      .count());
  caf::anon_send(args.parent, atom::ended::value, std::move(last));
}

void proxy_session_state::settle() {
  if (std::exchange(pending, false))
    caf::anon_send(args.parent, atom::joined::value);
}

net::guest_proxy proxy_session_state::proxy() const {
  return net::proxy_of(args.rules, *args.network->system_proxy());
}

net::verdict proxy_session_state::judge(const ip_address& at) const {
  auto led = what;
  led.peer = {at, asked.port};
  auto names = args.names;
  // What a client claims that does not know of us counts only where it goes by
  // that name.
  if (args.who == net::proxy_client::knowing || at.is_any())
    names.push_back(asked.host);
  return net::judge(args.rules, led, names);
}

void proxy_session_state::note_proxies(const proxy_event& news) const {
  auto proxy_at = [&](uint64_t number) {
    const auto& ways = course.ways;
    return number < ways.size() ? ways[number].via : std::nullopt;
  };
  for (auto each : news.ill)
    if (auto which = proxy_at(each))
      args.network->proxies.fail(*which, clock->now());
  if (news.news == proxy_event::kind::joined)
    if (auto which = proxy_at(news.way))
      args.network->proxies.succeed(*which);
}

bool proxy_session_state::moves(const lease& at, const renumbering& by) const {
  auto is = net::plan_network(by.is);
  if (args.who == net::proxy_client::unknowing)
    return !net::stays(net::plan_network(by.was), is, at, what);
  auto v4 = what.guest.ip.is_v4();
  return what.guest.ip != (v4 ? at.v4 : at.v6)
    || what.peer.ip != (v4 ? is.proxy : is.proxy6);
}

ec proxy_session_state::reason_to_end(
  const guest_rules& rules, const lease& at,
  const renumbering_ptr& moved) const {
  if (moved && moves(at, *moved))
    return ec::renumbered;
  // Nothing goes anywhere, and what is asked next is judged anew.
  if (args.who == net::proxy_client::knowing && now == phase::waiting)
    return ec::ok;
  auto led = what;
  led.peer = to.port == 0 ? endpoint{{}, asked.port} : to;
  auto names = args.names;
  if (args.who == net::proxy_client::knowing || to.port == 0)
    names.push_back(asked.host);
  return net::judge(rules, led, names).allowed ? ec::ok : ec::forbidden;
}

health proxy_session_state::describe() const {
  health out;
  out.kind = name;
  out.facts.emplace_back("flow", to_string(what));
  out.facts.emplace_back("phase", to_text(now));
  if (requests > 0) {
    out.facts.emplace_back("requests", std::to_string(requests));
    auto host = asked.host.empty() ? to_string(asked.at.ip) : asked.host;
    out.facts.emplace_back(
      "asked", asked.method + " " + authority(host, asked.port));
  }
  if (!way.empty())
    out.facts.emplace_back("way", way);
  if (!args.rule.empty())
    out.facts.emplace_back("rule", args.rule);
  if (talk) {
    auto so_far = talk->bytes();
    out.facts.emplace_back("sent", std::to_string(so_far.sent));
    out.facts.emplace_back("received", std::to_string(so_far.received));
  }
  return out;
}

flow_info proxy_session_state::report(caf::actor_clock::time_point at) const {
  flow_info out;
  out.what = what;
  out.state = to_text(now);
  out.to = to;
  out.names = args.names;
  if (!asked.host.empty())
    out.names.push_back(asked.host);
  out.rule = args.rule;
  if (talk)
    out.bytes = talk->bytes();
  auto age = std::chrono::duration_cast<std::chrono::milliseconds>(at - born);
  out.milliseconds = static_cast<uint64_t>(age.count());
  return out;
}

} // namespace pier::actors
