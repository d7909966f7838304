#include "actors/sessions.hpp"
#include "net/gateway/address_plan.hpp"
#include "test/support/actor_fixture.hpp"

namespace {

using namespace pier;
using namespace pier::test;

const auto guest = *ip_address::parse("192.168.65.3");
const auto host_name = *ip_address::parse("192.168.65.254");
const auto far = *ip_address::parse("203.0.113.9");
const auto near_by = *ip_address::parse("10.0.0.7");

policy_rule rule(policy_rule::effect what, const std::string& text) {
  policy_rule out;
  out.name = text;
  out.what = what;
  out.to = ip_subnet::parse(text);
  if (!out.to)
    out.host = text;
  return out;
}

policy_rule deny(const std::string& text) {
  return rule(policy_rule::effect::deny, text);
}

policy_rule allow(const std::string& text) {
  return rule(policy_rule::effect::allow, text);
}

class fixture : public actor_fixture {
public:
  fixture()
    : sessions(keep(system.spawn(
      actors::sessions, &network, net::plan_network({}),
      actors::guest_limits{100, 100}, guest_rules{"web", nullptr},
      std::make_shared<tally>(), actors::reporter{}))) {}

  /// How many flows that has ended.
  uint64_t adopt(policy by) {
    return *ask<uint64_t>(
              sessions, atom::adopt::value,
              flow_terms{
                std::make_shared<const policy>(std::move(by)), nullptr})
              .first;
  }

  uint64_t adopt(std::vector<policy_rule> rules, bool air_gap = false) {
    policy by;
    by.rules = std::move(rules);
    by.air_gap = air_gap;
    return adopt(std::move(by));
  }

  /// Null: it was dropped.
  std::shared_ptr<circuit_record>
  admit(const ip_address& to, protocol proto = protocol::tcp) {
    flow what{direction::outbound, proto, {guest, 4711}, {to, 80}};
    last = network.arrive(what);
    caf::anon_send(sessions, atom::admit::value, arrival{last, what});
    run();
    auto found = network.circuits.find(last);
    return found == network.circuits.end() ? nullptr : found->second;
  }

  std::shared_ptr<circuit_record> open(const ip_address& to) {
    auto made = admit(to);
    made->tell(circuit_event::kind::dialed);
    made->tell(circuit_event::kind::joined);
    run();
    return made;
  }

  std::shared_ptr<exchange_record>
  question(const std::string& name, const dns_course& how = {}) {
    dns_question what;
    what.number = ++last_question;
    what.name = name;
    what.type = 1;
    caf::anon_send(sessions, atom::ask::value, what, how);
    run();
    return network.exchanges.at(what.number);
  }

  /// The name is asked for, and others answer.
  void resolve(
    const std::string& name, const ip_address& ip,
    std::chrono::seconds ttl = 60s) {
    auto asked = question(name);
    REQUIRE(asked->forwarded);
    if (asked->course.learn)
      asked->sink({ec::ok, {ip}, ttl});
    else
      asked->sink({});
    run();
  }

  std::string fact(const std::string& key) {
    auto told = *ask<health>(sessions, atom::status::value).first;
    for (const auto& [name, value] : told.facts)
      if (name == key)
        return value;
    return {};
  }

  sessions_actor sessions;
  ticket last = 0;
  ticket last_question = 1000;
};

bool may_go(const std::shared_ptr<circuit_record>& circuit) {
  return circuit && !circuit->dials.empty() && !circuit->refused;
}

} // namespace

TEST_CASE_METHOD(
  fixture, "what the policy forbids is refused as forbidden, without a dial") {
  adopt({deny("203.0.113.0/24")});
  auto circuit = admit(far);
  REQUIRE(circuit);
  CHECK(circuit->dials.empty());
  CHECK(circuit->refused == ec::forbidden);
  CHECK(may_go(admit(near_by)));
}

TEST_CASE_METHOD(fixture, "the rule that forbade is counted by its name") {
  adopt({deny("203.0.113.0/24")}, true);
  admit(far);
  admit(far);
  admit(near_by);
  CHECK(fact("forbidden by 203.0.113.0/24") == "2");
  CHECK(fact("forbidden by air gap") == "1");
}

TEST_CASE_METHOD(fixture, "the rule that let a flow out is told with it") {
  adopt({allow("203.0.113.0/24")}, true);
  open(far);
  auto told = *ask<health>(sessions, atom::status::value).first;
  auto facts = told.children.at(0).facts;
  auto expected = std::pair<std::string, std::string>{"rule", "203.0.113.0/24"};
  CHECK(std::count(facts.begin(), facts.end(), expected) == 1);
}

TEST_CASE_METHOD(
  fixture, "behind an air gap not even the host's services are reached") {
  adopt({}, true);
  CHECK(admit(host_name)->refused == ec::forbidden);
  adopt({allow("192.168.65.254")}, true);
  CHECK(may_go(admit(host_name)));
}

TEST_CASE_METHOD(
  fixture, "new rules end what they forbid at once, and nothing else") {
  auto one = open(far);
  auto two = open(near_by);
  auto three = open(far);
  CHECK(adopt({deny("203.0.113.0/24")}) == 2);
  CHECK_FALSE(one->alive);
  CHECK(two->alive);
  CHECK_FALSE(three->alive);
  CHECK(fact("now") == "1");
  CHECK(fact("ended by new settings") == "2");
  CHECK(adopt({deny("203.0.113.0/24")}) == 0);
}

TEST_CASE_METHOD(
  fixture, "a flow that still waits hears that it is forbidden") {
  auto circuit = admit(far);
  CHECK(adopt({deny("203.0.113.0/24")}) == 1);
  CHECK(circuit->refused == ec::forbidden);
  CHECK_FALSE(circuit->alive);
}

TEST_CASE_METHOD(fixture, "new rules do not end the clients of a port") {
  flow what{direction::inbound, protocol::tcp, {guest, 80}, {far, 5}};
  auto number = network.arrive(what);
  caf::anon_send(
    sessions, atom::admit::value, arrival{number, what},
    std::vector<endpoint>{{guest, 80}}, std::string{"port 8000:80"});
  run();
  CHECK(adopt({}, true) == 0);
  CHECK(network.circuits.at(number)->alive);
}

TEST_CASE_METHOD(fixture, "a denied name is refused, and nobody is asked") {
  adopt({deny("ads.example")});
  auto asked = question("ads.example");
  CHECK(asked->refusal == dns_refusal::blocked);
  CHECK_FALSE(asked->forwarded);
  CHECK(question("other.example")->forwarded);
  CHECK(fact("forbidden by ads.example") == "1");
}

TEST_CASE_METHOD(fixture, "behind an air gap only our own names are answered") {
  adopt({}, true);
  CHECK(question("example.com")->refusal == dns_refusal::blocked);
  dns_course own;
  own.what = dns_course::kind::own;
  CHECK(question("web", own)->answer);
}

TEST_CASE_METHOD(
  fixture, "where a name is allowed its addresses are, once they were told") {
  adopt({allow("api.example")}, true);
  CHECK_FALSE(may_go(admit(far)));
  resolve("api.example", far);
  CHECK(may_go(admit(far)));
  CHECK_FALSE(may_go(admit(near_by)));
}

TEST_CASE_METHOD(fixture, "an address of our own answer is learned, too") {
  adopt({allow("host.iechor.internal")}, true);
  dns_course own;
  own.what = dns_course::kind::own;
  own.own.addresses = {host_name};
  CHECK(question("host.iechor.internal", own)->answer);
  CHECK(may_go(admit(host_name)));
}

TEST_CASE_METHOD(
  fixture, "a name's address is good for ten minutes, or as long as it lives") {
  adopt({allow("*.example")}, true);
  resolve("short.example", far, 1s);
  resolve("long.example", near_by, 1h);
  pass(9min);
  CHECK(may_go(admit(far)));
  pass(2min);
  CHECK_FALSE(may_go(admit(far)));
  CHECK(may_go(admit(near_by)));
  pass(50min);
  CHECK_FALSE(may_go(admit(near_by)));
}

TEST_CASE_METHOD(
  fixture,
  "A flow that runs by a name is not ended when the name is forgotten") {
  adopt({allow("api.example")}, true);
  resolve("api.example", far);
  auto circuit = open(far);
  pass(1h);
  CHECK(adopt({allow("api.example"), allow("other.example")}, true) == 0);
  CHECK(circuit->alive);
  CHECK(adopt({}, true) == 1);
  CHECK_FALSE(circuit->alive);
}

TEST_CASE_METHOD(fixture, "nothing is learned while no rule means the name") {
  adopt({allow("api.example")});
  CHECK_FALSE(question("other.example")->course.learn);
  CHECK(question("api.example")->course.learn);
}

TEST_CASE_METHOD(
  fixture, "a container has so many connections as it may, and no more") {
  policy by;
  by.limits.connections = 2;
  adopt(by);
  auto one = open(far);
  open(far);
  CHECK(admit(far) == nullptr);
  CHECK(network.declined.at(last) == ec::exhausted);
  CHECK(admit(far, protocol::udp));
  one->tell(circuit_event::kind::ended);
  run();
  CHECK(admit(far));
}

TEST_CASE_METHOD(fixture, "a container's own limit of flows counts all kinds") {
  policy by;
  by.limits.flows = 100;
  by.containers["web"].limits.flows = 2;
  adopt(by);
  open(far);
  CHECK(admit(far, protocol::udp));
  CHECK(admit(far, protocol::icmp) == nullptr);
  CHECK(network.declined.at(last) == ec::exhausted);
}

TEST_CASE_METHOD(
  fixture, "questions beyond their rate are refused, and say why") {
  policy by;
  by.limits.queries = 2;
  adopt(by);
  CHECK(question("a")->forwarded);
  CHECK(question("b")->forwarded);
  CHECK(question("c")->refusal == dns_refusal::prohibited);
  CHECK(fact("refused") == "1");
  pass(500ms);
  CHECK(question("d")->forwarded);
  CHECK(question("e")->refusal);
  pass(10s);
  CHECK(question("f")->forwarded);
  CHECK(question("g")->forwarded);
  CHECK(question("h")->refusal);
}
