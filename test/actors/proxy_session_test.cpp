#include "test/actors/adopting_fixture.hpp"

using namespace pier;
using namespace pier::test;
using kind = proxy_request::kind;

namespace {

constexpr uint16_t type_a = 1;
const auto proxy = *parse_upstream_proxy("http://ann:pass@10.0.0.1:3128");

settings through(std::vector<exclusion> exclude = {}) {
  settings out;
  auto& terms = out.policy.containers_proxy.terms;
  terms.mode = proxy_mode::manual;
  terms.http = terms.https = proxy;
  terms.exclude = std::move(exclude);
  return out;
}

settings denying(const std::string& host, settings out = {}) {
  out.policy.rules.push_back(
    {"the rule", policy_rule::effect::deny, {}, {}, host, {}});
  return out;
}

class fixture : public adopting_fixture {
public:
  explicit fixture(const settings& with = {}) : adopting_fixture(with) {
    where = running("web");
    network.probes.names[{"a.example", type_a}] = {{ec::ok, {}}, 0, {far}};
  }

  /// A connection of the container; null: it goes by no proxy.
  std::shared_ptr<proxy_record> connect(const endpoint& to) {
    last = network.arrive(
      {direction::outbound,
       protocol::tcp,
       {where->info().address.v4, 4711},
       to});
    run();
    auto found = network.proxied.find(last);
    return found == network.proxied.end() ? nullptr : found->second;
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
    uint16_t port = 80, kind what = kind::exchange) {
    proxy_request asked;
    asked.what = what;
    asked.method = what == kind::connect ? "CONNECT" : "GET";
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

struct with_proxy : fixture {
  with_proxy() : fixture(through({*parse_exclusion("direct.example")})) {}
};

proxy_course directly(const endpoint& to) {
  return {{{{}, {}, to, false}}};
}

proxy_course by_proxy() {
  return {{{proxy, {}, {}, false}}};
}

} // namespace

TEST_CASE_METHOD(fixture, "without a proxy ours leads to the name's address") {
  auto one = client();
  ask(one, "a.example", 8080);
  REQUIRE(one->allowed.size() == 1);
  CHECK(one->allowed[0] == directly({far, 8080}));
  one->tell(proxy_event::kind::joined);
  run();
  auto now = flow_now();
  CHECK(now.state == "open");
  CHECK(now.to == endpoint{far, 8080});
  CHECK(now.names == std::vector<std::string>{"a.example"});
}

TEST_CASE_METHOD(fixture, "each request of one client is judged anew") {
  auto one = client();
  ask(one, "a.example");
  one->tell(proxy_event::kind::answered);
  ask(one, "203.0.113.77");
  REQUIRE(one->allowed.size() == 2);
  CHECK(
    one->allowed[1].ways[0].to
    == endpoint{*ip_address::parse("203.0.113.77"), 80});
}

TEST_CASE_METHOD(fixture, "a name that does not exist is an answer in words") {
  network.probes.names[{"none.example", type_a}] = {{ec::ok, {}}, 3, {}};
  auto one = client();
  ask(one, "none.example");
  REQUIRE(one->refused.size() == 1);
  CHECK(one->refused[0].text.find("none.example does not exist") == 0);
  CHECK(one->alive);
}

TEST_CASE_METHOD(fixture, "the host's loopback is reached by its name alone") {
  auto one = client();
  ask(one, "host.iechor.internal", 5000);
  REQUIRE(one->allowed.size() == 1);
  CHECK(
    one->allowed[0].ways[0].to
    == endpoint{ip_address::loopback(family::v4), 5000});
  for (const auto* host : {"127.0.0.1", "localhost", "::1", "0.0.0.0"}) {
    ask(one, host);
    REQUIRE_FALSE(one->refused.empty());
    CHECK(one->refused.back().code == ec::forbidden);
  }
  CHECK(one->allowed.size() == 1);
}

TEST_CASE_METHOD(fixture, "a neighbour is dialled from the gateway") {
  auto other = running("db");
  auto one = client();
  ask(one, "db");
  REQUIRE(one->allowed.size() == 1);
  CHECK(one->allowed[0].ways[0].to_guest);
  CHECK(one->allowed[0].ways[0].to == endpoint{other->info().address.v4, 80});
}

TEST_CASE_METHOD(fixture, "a session ends with its client, and with a stop") {
  auto one = client();
  one->tell(proxy_event::kind::ended);
  run();
  CHECK_FALSE(one->alive);
  CHECK(ask_flows()->empty());
}

TEST_CASE_METHOD(with_proxy, "with a proxy it goes there, name and all") {
  auto one = client();
  ask(one, "a.example", 443, kind::connect);
  REQUIRE(one->allowed.size() == 1);
  CHECK(one->allowed[0] == by_proxy());
  CHECK(network.probes.questions.empty());
}

TEST_CASE_METHOD(
  with_proxy, "what is excluded, and what is ours, goes directly") {
  network.probes.names[{"direct.example", type_a}] = {{ec::ok, {}}, 0, {far}};
  auto one = client();
  ask(one, "direct.example");
  ask(one, "host.iechor.internal", 5000);
  REQUIRE(one->allowed.size() == 2);
  CHECK(one->allowed[0] == directly({far, 80}));
  CHECK_FALSE(one->allowed[1].ways[0].via);
}

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

TEST_CASE_METHOD(with_proxy, "a proxy comes and goes under way") {
  adopt({});
  CHECK(connect({far, 443}) == nullptr);
  auto one = client();
  adopt(through());
  ask(one, "a.example");
  REQUIRE(one->allowed.size() == 1);
  CHECK(one->allowed[0] == by_proxy());
}

TEST_CASE_METHOD(fixture, "a rule by name forbids the request, in its words") {
  adopt(denying("*.example"));
  auto one = client();
  ask(one, "a.example");
  REQUIRE(one->refused.size() == 1);
  CHECK(one->refused[0].code == ec::forbidden);
  CHECK(one->refused[0].text.find("the rule") != std::string::npos);
  adopt(denying("*.example", through()));
  ask(one, "a.example");
  REQUIRE(one->refused.size() == 2);
  CHECK(one->refused[1].code == ec::forbidden);
  CHECK(one->allowed.empty());
}

TEST_CASE_METHOD(fixture, "a rule that comes later ends what it forbids") {
  auto one = client();
  ask(one, "a.example");
  one->tell(proxy_event::kind::joined);
  run();
  auto idle = client();
  CHECK(weigh(denying("a.example")) == 1);
  CHECK(adopt(denying("a.example"))->ended == 1);
  run();
  CHECK_FALSE(one->alive);
  CHECK(idle->alive);
}

TEST_CASE_METHOD(
  fixture, "behind an air gap only what is allowed is asked for") {
  settings gap;
  gap.policy.air_gap = true;
  gap.policy.rules.push_back(
    {"the door", policy_rule::effect::allow, {}, {}, "a.example", {}});
  adopt(gap);
  auto one = client();
  ask(one, "a.example");
  CHECK(one->allowed.size() == 1);
  ask(one, "203.0.113.77");
  REQUIRE(one->refused.size() == 1);
  CHECK(one->refused[0].code == ec::forbidden);
}

TEST_CASE_METHOD(
  fixture, "where all is led and no proxy is named it is blocked") {
  settings all;
  all.policy.containers_proxy.terms.mode = proxy_mode::manual;
  all.policy.containers_proxy.transparent = {true, {}};
  adopt(all);
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
  fixture, "a script says which ways are tried, and in which order") {
  settings scripted;
  scripted.policy.containers_proxy.terms.mode = proxy_mode::manual;
  scripted.policy.containers_proxy.terms.pac = "/proxy.pac";
  adopt(scripted);
  auto one = client();
  ask(one, "a.example");
  REQUIRE(network.questions.size() == 1);
  CHECK(network.questions[0].first.host == "a.example");
  CHECK(one->allowed.empty());
  network.questions[0].second(
    {{proxy_choice::kind::through, proxy, {}},
     {},
     {proxy_choice::kind::blocked, {}, "no more"},
     {}});
  run();
  REQUIRE(one->allowed.size() == 1);
  REQUIRE(one->allowed[0].ways.size() == 2);
  CHECK(one->allowed[0].ways[0].via == proxy);
  CHECK(one->allowed[0].ways[1].to == endpoint{far, 80});
  ask(one, "b.example");
  network.questions[1].second({{proxy_choice::kind::blocked, {}, "broken"}});
  run();
  REQUIRE(one->refused.size() == 1);
  CHECK(one->refused[0].text == "broken");
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

TEST_CASE_METHOD(fixture, "without a proxy a container is told of none") {
  CHECK(where->spec().environment.empty());
}

TEST_CASE_METHOD(fixture, "at the proxy's address there is nothing else") {
  auto plan = net::plan_network({});
  CHECK(connect({plan.proxy, 80}) == nullptr);
  auto found = network.circuits.find(last);
  REQUIRE(found != network.circuits.end());
  CHECK(found->second->refused == ec::refused);
}
