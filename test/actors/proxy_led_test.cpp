#include "test/actors/proxy_fixture.hpp"

using namespace pier;
using namespace pier::test;
using kind = proxy_request::kind;

TEST_CASE_METHOD(with_proxy, "some ports are led there without asking") {
  CHECK(connect({far, 22}) == nullptr);
  CHECK(network.circuits.count(last) == 1);
  auto one = connect({far, 443});
  REQUIRE(one);
  CHECK(one->who == net::proxy_client::unknowing);
  proxy_request asked;
  asked.what = kind::transparent;
  asked.method = "TLS";
  asked.host = "a.example";
  asked.port = 443;
  asked.at = {far, 443};
  one->ask(asked);
  run();
  REQUIRE(one->allowed.size() == 1);
  CHECK(one->allowed[0] == by_proxy());
  one->tell(proxy_event::kind::failed, {ec::refused, "no"});
  run();
  CHECK_FALSE(one->alive);
}

TEST_CASE_METHOD(with_proxy, "whose name is excluded goes where it meant to") {
  auto one = connect({far, 80});
  REQUIRE(one);
  proxy_request asked;
  asked.what = kind::transparent;
  asked.method = "HTTP";
  asked.host = "direct.example";
  asked.port = 80;
  asked.at = {far, 80};
  one->ask(asked);
  run();
  REQUIRE(one->allowed.size() == 1);
  CHECK(one->allowed[0] == directly({far, 80}));
}

struct with_none : proxy_fixture {
  with_none() {
    settings all;
    all.policy.containers_proxy.terms.mode = proxy_mode::manual;
    all.policy.containers_proxy.transparent = {true, {}};
    adopt(all);
  }
};

TEST_CASE_METHOD(
  with_none, "where all is led and no proxy is named it is blocked") {
  auto one = connect({far, 22});
  REQUIRE(one);
  proxy_request asked;
  asked.what = kind::transparent;
  asked.port = 22;
  asked.at = {far, 22};
  one->ask(asked);
  run();
  REQUIRE(one->refused.size() == 1);
  CHECK(one->refused[0].code == ec::forbidden);
}

TEST_CASE_METHOD(
  with_proxy, "a container is told of ours, and of no credentials") {
  std::string all;
  for (const auto& each : where->spec().environment)
    all += each + "\n";
  CHECK(all.find("HTTPS_PROXY=http://http.iechor.internal:3128\n") != all.npos);
  CHECK(all.find("https_proxy=") != all.npos);
  CHECK(all.find(",direct.example") != all.npos);
  CHECK(all.find("pass") == all.npos);
}

TEST_CASE_METHOD(proxy_fixture, "without a proxy a container is told of none") {
  CHECK(where->spec().environment.empty());
}

TEST_CASE_METHOD(
  proxy_fixture, "at the proxy's address there is nothing else") {
  auto plan = net::plan_network({});
  CHECK(connect({plan.proxy, 80}) == nullptr);
  auto found = network.circuits.find(last);
  REQUIRE(found != network.circuits.end());
  CHECK(found->second->refused == ec::refused);
}

TEST_CASE_METHOD(with_proxy, "datagrams go by no proxy that speaks HTTP") {
  auto one = send({far, 443});
  REQUIRE(one);
  CHECK(one->ways.empty());
  CHECK(one->dials == std::vector<endpoint>{{far, 443}});
}

struct with_socks : proxy_fixture {
  with_socks() : proxy_fixture(by_socks()) {}

  static inline const auto socks = *parse_upstream_proxy("socks5://10.0.0.1");

  static settings by_socks() {
    auto out = through({*parse_exclusion("direct.example")});
    auto& terms = out.policy.containers_proxy.terms;
    terms.http = terms.https = socks;
    terms.credentials = "/login";
    return out;
  }
};

TEST_CASE_METHOD(with_socks, "datagrams to such ports go by a SOCKS proxy") {
  CHECK(send({far, 53})->ways.empty());
  auto one = send({far, 443});
  REQUIRE(one);
  CHECK(one->dials.empty());
  proxy_way way{socks, "/login", {}, false};
  way.to = {far, 443};
  CHECK(one->ways == std::vector{way});
  one->tell(circuit_event::kind::dialed);
  run();
  CHECK(one->joined);
}

TEST_CASE_METHOD(
  with_socks, "what a SOCKS proxy does not take at all goes directly") {
  auto one = send({far, 443});
  one->tell(circuit_event::kind::refused, ec::not_supported);
  run();
  CHECK(one->dials == std::vector<endpoint>{{far, 443}});
  one->tell(circuit_event::kind::refused, ec::refused);
  run();
  CHECK(one->refused == ec::refused);
}

TEST_CASE_METHOD(
  with_socks, "a SOCKS proxy's no to a datagram is the last word") {
  auto one = send({far, 443});
  one->tell(circuit_event::kind::refused, ec::host_unreachable);
  run();
  CHECK(one->dials.empty());
  CHECK(one->refused == ec::host_unreachable);
  CHECK_FALSE(one->alive);
}

TEST_CASE_METHOD(
  with_none, "where all is led and no proxy is named datagrams are, too") {
  auto one = send({far, 22});
  REQUIRE(one);
  CHECK(one->refused == ec::forbidden);
}
