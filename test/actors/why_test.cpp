#include "actors/why_port.hpp"
#include "config/destination.hpp"
#include "test/actors/household_fixture.hpp"

using namespace pier;
using namespace pier::test;

namespace {

const auto far = *ip_address::parse("203.0.113.9");
const auto far6 = *ip_address::parse("2001:db8::9");
constexpr uint16_t type_a = 1, type_aaaa = 28;

settings with_rule(policy_rule rule) {
  settings out;
  out.policy.rules.push_back(std::move(rule));
  return out;
}

class fixture : public household_fixture {
public:
  explicit fixture(const settings& with = {}) : household_fixture(with) {
    where = running("web");
    network.probes.answers[{far, 80}] = {ec::ok, {}};
    network.probes.names[{"web.test", type_a}] = {{ec::ok, {}}, 0, {far}};
  }

  explanation why(const std::string& to) {
    auto where_to = *config::parse_destination(to);
    auto asked = self->request(
      root, caf::infinite, atom::explain::value, std::string{"web"}, where_to);
    run();
    // Whoever is silent is not waited for any longer.
    for (int i = 0; i < 8; ++i)
      pass(5s);
    explanation out;
    asked.receive(
      [&](explanation& said) { out = std::move(said); },
      [](caf::error& no) { FAIL(caf::to_string(no)); });
    return out;
  }

  explanation why_port(uint16_t number) {
    auto [said, no] = ask<explanation>(
      root, atom::explain::value, host_port{protocol::tcp, {}, number});
    REQUIRE(said);
    return *said;
  }

  std::shared_ptr<fake_premises> where;
};

struct forbidding : fixture {
  forbidding()
    : fixture(with_rule(
      {"the rule", policy_rule::effect::deny, {}, {}, "web.test", {}})) {}
};

} // namespace

TEST_CASE_METHOD(fixture, "the first address that answers decides") {
  network.probes.names[{"web.test", type_aaaa}] = {{ec::ok, {}}, 0, {far6}};
  network.probes.answers[{far, 80}] = {ec::refused, {}};
  network.probes.answers[{far6, 80}] = {ec::ok, {}};
  auto said = why("web.test:80");
  CHECK(said.cause == "ok");
  CHECK(said.verdict == ec::ok);
  CHECK(network.probes.dials == std::vector<endpoint>{{far, 80}, {far6, 80}});
}

TEST_CASE_METHOD(fixture, "where none answers the first one that failed does") {
  network.probes.names[{"web.test", type_aaaa}] = {{ec::ok, {}}, 0, {far6}};
  network.probes.answers[{far, 80}] = {ec::refused, {}};
  network.probes.no_way[far6] = {ec::network_unreachable, "no way"};
  auto said = why("web.test:80");
  CHECK(said.cause == "refused");
  CHECK(said.verdict == ec::refused);
}

TEST_CASE_METHOD(fixture, "who is silent is waited for five seconds") {
  auto said = why("203.0.113.10:80");
  CHECK(said.cause == "timed_out");
  REQUIRE(said.steps.size() >= 2);
  CHECK(said.steps[said.steps.size() - 2].microseconds == 5'000'000);
}

TEST_CASE_METHOD(fixture, "a name's failure is called by its cause") {
  auto& heard = network.probes.names[{"web.test", type_a}];
  heard = {{ec::ok, {}}, 3, {}};
  network.probes.names[{"web.test", type_aaaa}] = heard;
  CHECK(why("web.test:80").cause == "no_such_name");
  heard = {{ec::ok, {}}, 2, {}};
  CHECK(why("web.test:80").cause == "dns_failed");
  heard = {{ec::timed_out, "no answer"}, 0, {}};
  network.probes.questions.clear();
  CHECK(why("web.test:80").cause == "dns_failed");
  CHECK(network.probes.questions.size() == 1);
  CHECK(network.probes.dials.empty());
}

TEST_CASE_METHOD(
  forbidding, "what a rule forbids is neither asked nor dialled") {
  auto said = why("web.test:80");
  CHECK(said.cause == "name_forbidden");
  CHECK(said.text == "web.test is forbidden by the rule");
  CHECK(network.probes.questions.empty());
  CHECK(network.probes.dials.empty());
}

TEST_CASE_METHOD(fixture, "the host's loopback is reached by its name alone") {
  CHECK(why("127.0.0.1:80").cause == "forbidden");
  auto loopback = ip_address::loopback(family::v4);
  network.probes.answers[{loopback, 80}] = {ec::refused, {}};
  network.probes.answers[{ip_address::loopback(family::v6), 80}] = {
    ec::refused, {}};
  CHECK(why("host.iechor.internal:80").cause == "nothing_listens");
}

TEST_CASE_METHOD(fixture, "a why leaves nothing behind and is no flow") {
  auto before = system.registry().running();
  CHECK(why("web.test:80").cause == "ok");
  CHECK(system.registry().running() == before);
  auto flows = ask<std::vector<flow_info>>(
                 root, atom::flows::value, std::string{"web"})
                 .first;
  CHECK(flows->empty());
}

TEST_CASE_METHOD(fixture, "a port tells who has it and what is behind it") {
  CHECK(why_port(30080).cause == "nothing_listens");
  where->listening({{protocol::tcp, {{}, 80}}});
  run();
  CHECK(why_port(30080).cause == "ok");
  where->port(0).paused = true;
  CHECK(why_port(30080).cause == "paused");
  CHECK(why_port(9).cause == "not_published");
  network.probes.holder = " (held by python3, pid 4711)";
  auto said = why_port(9);
  CHECK(said.cause == "held_by_another");
  CHECK(said.text.find("held by python3, pid 4711,") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "a port remembers its last ten clients") {
  where->listening({{protocol::tcp, {{}, 80}}});
  run();
  for (uint16_t i = 1; i <= 12; ++i) {
    flow what{direction::inbound, protocol::tcp, {{}, 80}, {far, i}};
    auto number = network.arrive(what);
    where->port(0).borrower({number, what});
    run();
    network.circuits.at(number)->tell(
      circuit_event::kind::refused, ec::refused);
    network.circuits.at(number)->tell(
      circuit_event::kind::refused, ec::refused);
    run();
  }
  auto said = why_port(30080);
  std::vector<why_step> clients;
  for (const auto& each : said.steps)
    if (each.what == "client")
      clients.push_back(each);
  REQUIRE(clients.size() == 10);
  CHECK_FALSE(clients.front().good);
  CHECK(clients.front().detail.starts_with("203.0.113.9:12: refused when "));
  CHECK(clients.back().detail.starts_with("203.0.113.9:3: "));
}
