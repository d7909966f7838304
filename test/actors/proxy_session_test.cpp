#include "test/actors/proxy_fixture.hpp"

using namespace pier;
using namespace pier::test;
using kind = proxy_request::kind;

TEST_CASE_METHOD(
  proxy_fixture, "without a proxy ours leads to the name's address") {
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

TEST_CASE_METHOD(proxy_fixture, "each request of one client is judged anew") {
  auto one = client();
  ask(one, "a.example");
  one->tell(proxy_event::kind::answered);
  ask(one, "203.0.113.77");
  REQUIRE(one->allowed.size() == 2);
  CHECK(
    one->allowed[1].ways[0].to
    == endpoint{*ip_address::parse("203.0.113.77"), 80});
}

TEST_CASE_METHOD(
  proxy_fixture, "a name that does not exist is an answer in words") {
  network.probes.names[{"none.example", 1}] = {{ec::ok, {}}, 3, {}};
  auto one = client();
  ask(one, "none.example");
  REQUIRE(one->refused.size() == 1);
  CHECK(one->refused[0].text.find("none.example does not exist") == 0);
  CHECK(one->alive);
}

TEST_CASE_METHOD(
  proxy_fixture,
  "by our proxy the host's loopback is reached by its name alone") {
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

TEST_CASE_METHOD(proxy_fixture, "a neighbour is dialled from the gateway") {
  auto neighbour = running("db");
  auto one = client();
  ask(one, "db");
  REQUIRE(one->allowed.size() == 1);
  CHECK(one->allowed[0].ways[0].to_guest);
  CHECK(
    one->allowed[0].ways[0].to == endpoint{neighbour->info().address.v4, 80});
}

TEST_CASE_METHOD(
  proxy_fixture, "a session ends with its client, and with a stop") {
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
  network.probes.names[{"direct.example", 1}] = {{ec::ok, {}}, 0, {far}};
  auto one = client();
  ask(one, "direct.example");
  ask(one, "host.iechor.internal", 5000);
  REQUIRE(one->allowed.size() == 2);
  CHECK(one->allowed[0] == directly({far, 80}));
  CHECK_FALSE(one->allowed[1].ways[0].via);
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

TEST_CASE_METHOD(
  proxy_fixture, "a rule by name forbids the request, in its words") {
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

TEST_CASE_METHOD(
  proxy_fixture, "a rule that comes later ends what it forbids") {
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
  proxy_fixture, "behind an air gap only what is allowed is asked for") {
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
  proxy_fixture, "a script says which ways are tried, and in which order") {
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
    {{proxy_choice::kind::through, some_proxy, {}},
     {},
     {proxy_choice::kind::blocked, {}, "no more"},
     {}});
  run();
  REQUIRE(one->allowed.size() == 1);
  REQUIRE(one->allowed[0].ways.size() == 2);
  CHECK(one->allowed[0].ways[0].via == some_proxy);
  CHECK(one->allowed[0].ways[1].to == endpoint{far, 80});
  ask(one, "b.example");
  network.questions[1].second({{proxy_choice::kind::blocked, {}, "broken"}});
  run();
  REQUIRE(one->refused.size() == 1);
  CHECK(one->refused[0].text == "broken");
}

struct with_script : proxy_fixture {
  with_script() {
    settings scripted;
    scripted.policy.containers_proxy.terms.mode = proxy_mode::manual;
    scripted.policy.containers_proxy.terms.pac = "/proxy.pac";
    adopt(scripted);
    one = client();
  }

  /// Through which proxies it is led when the script names both.
  std::vector<std::optional<upstream_proxy>> order() {
    ask(one, "a.example");
    network.questions.back().second(
      {{proxy_choice::kind::through, some_proxy, {}},
       {proxy_choice::kind::through, other, {}}});
    run();
    std::vector<std::optional<upstream_proxy>> out;
    for (const auto& each : one->allowed.back().ways)
      out.push_back(each.via);
    return out;
  }

  void joins(uint64_t way, std::vector<uint64_t> ill) {
    proxy_event joined;
    joined.news = proxy_event::kind::joined;
    joined.way = way;
    joined.ill = std::move(ill);
    one->sink(joined);
    run();
  }

  upstream_proxy other = *parse_upstream_proxy("http://10.0.0.2:3128");
  std::vector<std::optional<upstream_proxy>> as_said{some_proxy, other};
  std::vector<std::optional<upstream_proxy>> turned{other, some_proxy};
  std::shared_ptr<proxy_record> one;
};

TEST_CASE_METHOD(
  with_script,
  "a proxy that was not to be had is tried last for half a minute") {
  CHECK(order() == as_said);
  joins(1, {0});
  CHECK(order() == turned);
  pass(31s);
  CHECK(order() == as_said);
}

TEST_CASE_METHOD(with_script, "a proxy that leads on again is as it was") {
  order();
  joins(1, {0});
  CHECK(order() == turned);
  joins(1, {0});
  CHECK(order() == as_said);
}

TEST_CASE_METHOD(
  with_script, "a proxy that never answered is known by the next container") {
  order();
  proxy_event none;
  none.news = proxy_event::kind::failed;
  none.why = {ec::refused, "nobody there"};
  none.ill = {0};
  one->sink(none);
  run();
  one = client();
  CHECK(order() == turned);
}
