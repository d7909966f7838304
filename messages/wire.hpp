#pragma once

/// How the values that a console asks for cross to another process: field by
/// field, by CAF's inspectors, of which nothing is included here. Both ends are
/// of one version. What is not named here never leaves the process.

#include "messages/container.hpp"
#include "messages/flow_info.hpp"
#include "messages/forward.hpp"
#include "messages/health.hpp"

#include <optional>
#include <vector>

namespace pier {

/// The answer that says nothing but: it is done.
struct done_t {};

template <class F, class T>
typename F::result_type inspect(F& f, std::optional<T>& x) {
  auto there = x.has_value();
  if constexpr (F::reads_state) {
    return there ? f(there, *x) : f(there);
  } else {
    if (auto why = f(there))
      return why;
    x.reset();
    return there ? f(x.emplace()) : typename F::result_type{};
  }
}

template <class F>
typename F::result_type inspect(F& f, ip_address& x) {
  auto is_v4 = x.is_v4();
  auto bytes = x.bytes();
  if constexpr (F::reads_state) {
    return f(is_v4, bytes);
  } else {
    if (auto why = f(is_v4, bytes))
      return why;
    x = ip_address::v6(bytes);
    if (is_v4)
      x = ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]});
    return {};
  }
}

template <class F>
typename F::result_type inspect(F& f, done_t&) {
  return f();
}

template <class F>
typename F::result_type inspect(F& f, endpoint& x) {
  return f(x.ip, x.port);
}

template <class F>
typename F::result_type inspect(F& f, port_range& x) {
  return f(x.first, x.last);
}

template <class F>
typename F::result_type inspect(F& f, port_spec& x) {
  return f(x.proto, x.host_ip, x.host, x.container, x.source, x.proxy);
}

template <class F>
typename F::result_type inspect(F& f, bound_port& x) {
  return f(x.proto, x.host, x.container, x.open);
}

template <class F>
typename F::result_type inspect(F& f, lease& x) {
  return f(x.number, x.v4, x.v6, x.link);
}

template <class F>
typename F::result_type inspect(F& f, container_info& x) {
  return f(
    x.name, x.state, x.network, x.address, x.ports, x.command, x.netns,
    x.started, x.pid, x.exit_status, x.failure, x.warnings);
}

template <class F>
typename F::result_type inspect(F& f, flow& x) {
  return f(x.way, x.proto, x.guest, x.peer);
}

template <class F>
typename F::result_type inspect(F& f, traffic& x) {
  return f(x.sent, x.received);
}

template <class F>
typename F::result_type inspect(F& f, flow_info& x) {
  // No round trip takes no time.
  auto guest_rtt = x.guest_rtt.value_or(0);
  auto peer_rtt = x.peer_rtt.value_or(0);
  auto all = [&] {
    return f(
      x.container, x.path, x.what, x.state, x.to, x.names, x.rule, x.bytes,
      guest_rtt, peer_rtt, x.milliseconds);
  };
  if constexpr (F::reads_state) {
    return all();
  } else {
    auto why = all();
    x.guest_rtt = x.peer_rtt = std::nullopt;
    if (guest_rtt > 0)
      x.guest_rtt = guest_rtt;
    if (peer_rtt > 0)
      x.peer_rtt = peer_rtt;
    return why;
  }
}

template <class F>
typename F::result_type inspect(F& f, listen_address& x) {
  return f(x.proto, x.ip, x.port, x.path);
}

template <class F>
typename F::result_type inspect(F& f, forward_target& x) {
  return f(x.at, x.container, x.path);
}

template <class F>
typename F::result_type inspect(F& f, forward_spec& x) {
  return f(x.to, x.proxy_protocol);
}

template <class F>
typename F::result_type inspect(F& f, forward_info& x) {
  return f(x.listen, x.what, x.refusal, x.open, x.clients, x.served, x.refused);
}

template <class F>
typename F::result_type inspect(F& f, health& x) {
  return f(x.name, x.kind, x.state, x.restarts, x.facts, x.children);
}

template <class F>
typename F::result_type inspect(F& f, event& x) {
  return f(x.what, x.container, x.text, x.path, x.at);
}

/// Both ends tell their actor system these names before it begins.
template <class Config>
void add_wire_types(Config& to) {
  to.template add_message_type<done_t>("pier::done");
  to.template add_message_type<bound_port>("pier::bound_port");
  to.template add_message_type<container_info>("pier::container_info");
  to.template add_message_type<event>("pier::event");
  to.template add_message_type<flow_info>("pier::flow_info");
  to.template add_message_type<forward_info>("pier::forward_info");
  to.template add_message_type<health>("pier::health");
  to.template add_message_type<port_spec>("pier::port_spec");
}

} // namespace pier
