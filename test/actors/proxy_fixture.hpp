#pragma once

/// A household with a container whose connections go by a proxy, or come to
/// ours.

#include "test/actors/adopting_fixture.hpp"

namespace pier::test {

constexpr uint16_t type_a = 1;

inline const auto some_proxy = *parse_upstream_proxy(
  "http://ann:pass@10.0.0.1:3128");

inline settings through(std::vector<exclusion> exclude = {}) {
  settings out;
  auto& terms = out.policy.containers_proxy.terms;
  terms.mode = proxy_mode::manual;
  terms.http = terms.https = some_proxy;
  terms.exclude = std::move(exclude);
  return out;
}

inline settings denying(const std::string& host, settings out = {}) {
  out.policy.rules.push_back(
    {"the rule", policy_rule::effect::deny, {}, {}, host, {}});
  return out;
}

class proxy_fixture : public adopting_fixture {
public:
  explicit proxy_fixture(const settings& with = {}) : adopting_fixture(with) {
    where = running("web");
    network.probes.names[{"a.example", type_a}] = {{ec::ok, {}}, 0, {far}};
  }

  /// A connection of the container; null: it goes by no proxy.
  std::shared_ptr<proxy_record> connect(const endpoint& to) {
    arrive(protocol::tcp, to);
    auto found = network.proxied.find(last);
    return found == network.proxied.end() ? nullptr : found->second;
  }

  /// Datagrams of the container; null: nobody takes them.
  std::shared_ptr<circuit_record> send(const endpoint& to) {
    arrive(protocol::udp, to);
    auto found = network.circuits.find(last);
    return found == network.circuits.end() ? nullptr : found->second;
  }

  void arrive(protocol proto, const endpoint& to) {
    last = network.arrive(
      {direction::outbound, proto, {where->info().address.v4, 4711}, to});
    run();
  }

  std::shared_ptr<proxy_record> client() {
    auto plan = net::plan_network({});
    auto out = connect({plan.proxy, net::proxy_port});
    REQUIRE(out);
    CHECK(out->who == net::proxy_client::knowing);
    return out;
  }

  void ask(
    const std::shared_ptr<proxy_record>& who, const std::string& host,
    uint16_t port = 80,
    proxy_request::kind what = proxy_request::kind::exchange) {
    proxy_request asked;
    asked.what = what;
    asked.method = what == proxy_request::kind::connect ? "CONNECT" : "GET";
    asked.host = host;
    asked.port = port;
    who->ask(asked);
    run();
  }

  flow_info flow_now() {
    auto all = *ask_flows();
    REQUIRE(all.size() == 1);
    return all.front();
  }

  std::optional<std::vector<flow_info>> ask_flows() {
    return adopting_fixture::ask<std::vector<flow_info>>(
             root, atom::flows::value, std::string{"web"})
      .first;
  }

  std::shared_ptr<fake_premises> where;
  ticket last = 0;
};

struct with_proxy : proxy_fixture {
  with_proxy() : proxy_fixture(through({*parse_exclusion("direct.example")})) {}
};

inline proxy_course directly(const endpoint& to) {
  return {{{{}, {}, to, false}}};
}

inline proxy_course by_proxy() {
  return {{{some_proxy, {}, {}, false}}};
}

} // namespace pier::test
