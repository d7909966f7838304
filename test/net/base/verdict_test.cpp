#include "net/verdict.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace pier;

namespace {

using effect = policy_rule::effect;
using names = std::vector<std::string>;

/// "10.0.0.0/8 tcp 80-90", "*.example.com udp 53", "any": what a person means.
policy_rule rule(effect what, const std::string& text) {
  policy_rule out;
  out.name = (what == effect::allow ? "allow " : "deny ") + text;
  out.what = what;
  std::istringstream words{text};
  std::string word;
  words >> word;
  if (auto net = ip_subnet::parse(word))
    out.to = net;
  else if (word != "any")
    out.host = word;
  if (words >> word) {
    if (word == "tcp")
      out.proto = protocol::tcp;
    else if (word == "udp")
      out.proto = protocol::udp;
    else if (word == "icmp")
      out.proto = protocol::icmp;
  }
  uint16_t first = 0;
  if (words >> first) {
    out.ports = port_range{first, first};
    char dash = 0;
    words >> dash >> out.ports->last;
    if (dash != '-')
      out.ports->last = first;
  }
  return out;
}

policy_rule allow(const std::string& text) {
  return rule(effect::allow, text);
}

policy_rule deny(const std::string& text) {
  return rule(effect::deny, text);
}

flow to(
  const char* ip, uint16_t port = 80, protocol proto = protocol::tcp,
  direction way = direction::outbound) {
  return {way, proto, {{}, 4711}, {*ip_address::parse(ip), port}};
}

/// The rule that forbids it, or "" for what may go.
std::string forbidding(
  const policy& by, const flow& what, const names& known = {},
  const std::string& who = "web") {
  auto rules = std::make_shared<const policy>(by);
  auto said = net::judge({who, rules}, what, known);
  return said.allowed ? "" : std::string{said.rule};
}

std::string asking(
  const policy& by, const char* name, bool ours = false,
  const std::string& who = "web") {
  auto rules = std::make_shared<const policy>(by);
  auto said = net::judge_name({who, rules}, name, ours);
  return said.allowed ? "" : std::string{said.rule};
}

} // namespace

TEST_CASE("Without rules everything may go") {
  CHECK(net::judge({}, to("1.1.1.1"), {}).allowed);
  CHECK(net::judge_name({}, "example.com", false).allowed);
  CHECK(forbidding({}, to("1.1.1.1")).empty());
  CHECK(asking({}, "example.com").empty());
}

TEST_CASE("A rule means its network, its protocol and its ports, no others") {
  struct vector {
    const char* rule;
    flow what;
    bool meant;
  };
  const auto udp = protocol::udp, icmp = protocol::icmp;
  const std::vector<vector> table{
    {"10.0.0.0/8", to("10.255.0.1"), true},
    {"10.0.0.0/8", to("11.0.0.1"), false},
    {"10.0.0.0/8", to("10.0.0.1", 0, icmp), true},
    {"10.0.0.7", to("10.0.0.7"), true},
    {"10.0.0.7", to("10.0.0.8"), false},
    {"fd00::/8", to("fd12::1"), true},
    {"fd00::/8", to("fe80::1"), false},
    {"::/0", to("10.0.0.1"), false},
    {"0.0.0.0/0", to("1.1.1.1"), true},
    {"0.0.0.0/0", to("2000::1"), false},
    {"any", to("2000::1"), true},
    {"any", to("1.1.1.1", 0, icmp), true},
    {"any tcp 25", to("1.1.1.1", 25), true},
    {"any tcp 25", to("1.1.1.1", 26), false},
    {"any tcp 25", to("1.1.1.1", 25, udp), false},
    {"any all 25", to("1.1.1.1", 25, udp), true},
    {"any all 25", to("1.1.1.1", 25, icmp), false},
    {"any all 20-30", to("1.1.1.1", 20), true},
    {"any all 20-30", to("1.1.1.1", 30), true},
    {"any all 20-30", to("1.1.1.1", 31), false},
    {"any udp", to("1.1.1.1", 1, udp), true},
    {"any udp", to("1.1.1.1", 1), false},
    {"any icmp", to("1.1.1.1", 0, icmp), true},
    {"any icmp", to("1.1.1.1"), false},
    {"10.0.0.0/8 tcp 80", to("10.1.1.1", 80), true},
    {"10.0.0.0/8 tcp 80", to("11.1.1.1", 80), false},
    {"10.0.0.0/8 tcp 80", to("10.1.1.1", 81), false},
  };
  for (const auto& each : table) {
    INFO(each.rule << " and " << to_string(each.what));
    policy by;
    by.rules = {deny(each.rule)};
    CHECK(forbidding(by, each.what).empty() != each.meant);
    // Behind an air gap the same rule opens the same way.
    by.rules = {allow(each.rule)};
    by.air_gap = true;
    CHECK(forbidding(by, each.what).empty() == each.meant);
  }
}

TEST_CASE("The first that speaks decides: one's own word, deny before allow") {
  struct vector {
    names own, all;
    const char* by; // empty: it may go
  };
  // + allows, - denies; the flow goes to 10.1.1.1 port 80.
  const std::vector<vector> table{
    {{}, {"-10.0.0.0/8"}, "deny 10.0.0.0/8"},
    {{}, {"+10.1.1.1", "-10.0.0.0/8"}, "deny 10.0.0.0/8"},
    {{}, {"-10.0.0.0/8", "+10.1.1.1"}, "deny 10.0.0.0/8"},
    {{"+10.1.1.1"}, {"-10.0.0.0/8"}, ""},
    {{"-10.1.1.1"}, {"+10.0.0.0/8"}, "deny 10.1.1.1"},
    {{"+10.1.1.1", "-any"}, {}, "deny any"},
    {{"+11.0.0.0/8"}, {"-10.0.0.0/8"}, "deny 10.0.0.0/8"},
    {{"+11.0.0.0/8"}, {}, ""},
    {{"-11.0.0.0/8"}, {"+10.0.0.0/8"}, ""},
    {{}, {"-11.0.0.0/8", "-10.1.0.0/16", "-10.0.0.0/8"}, "deny 10.1.0.0/16"},
  };
  auto read = [](const names& texts) {
    std::vector<policy_rule> out;
    for (const auto& each : texts)
      out.push_back(
        each[0] == '+' ? allow(each.substr(1)) : deny(each.substr(1)));
    return out;
  };
  for (const auto& each : table) {
    policy by;
    by.rules = read(each.all);
    by.containers["web"].rules = read(each.own);
    CHECK(forbidding(by, to("10.1.1.1")) == each.by);
  }
}

TEST_CASE("A container's own rules are nobody else's") {
  policy by;
  by.containers["web"].rules = {deny("any")};
  CHECK(forbidding(by, to("1.1.1.1")) == "deny any");
  CHECK(forbidding(by, to("1.1.1.1"), {}, "db").empty());
}

TEST_CASE("Behind an air gap only what a rule allows may go") {
  policy by;
  by.air_gap = true;
  CHECK(forbidding(by, to("1.1.1.1")) == "air gap");
  CHECK(forbidding(by, to("1.1.1.1", 0, protocol::icmp)) == "air gap");
  by.rules = {allow("10.0.0.0/8")};
  by.containers["web"].rules = {allow("1.1.1.1")};
  CHECK(forbidding(by, to("1.1.1.1")).empty());
  CHECK(forbidding(by, to("10.0.0.1")).empty());
  CHECK(forbidding(by, to("1.1.1.1"), {}, "db") == "air gap");
}

TEST_CASE("A container has an air gap of its own, or none") {
  policy by;
  by.containers["web"].air_gap = true;
  CHECK(forbidding(by, to("1.1.1.1")) == "air gap");
  CHECK(forbidding(by, to("1.1.1.1"), {}, "db").empty());
  by.air_gap = true;
  by.containers["web"].air_gap = false;
  CHECK(forbidding(by, to("1.1.1.1")).empty());
  CHECK(forbidding(by, to("1.1.1.1"), {}, "db") == "air gap");
}

TEST_CASE("Clients of published ports are not asked") {
  policy by;
  by.air_gap = true;
  by.rules = {deny("any")};
  CHECK(forbidding(by, to("1.1.1.1", 80, protocol::tcp, direction::inbound))
          .empty());
}

TEST_CASE("A rule by name means every address that was told for it") {
  policy by;
  by.rules = {deny("ads.example tcp 25"), deny("*.evil.example")};
  auto told = [&](const char* name, uint16_t port = 25) {
    return forbidding(by, to("1.1.1.1", port), {"other", name});
  };
  CHECK(told("ads.example") == "deny ads.example tcp 25");
  CHECK(told("ads.example", 26).empty());
  CHECK(told("www.ads.example").empty());
  CHECK(told("a.b.evil.example", 1) == "deny *.evil.example");
  CHECK(told("evil.example").empty());
  CHECK(told("notevil.example").empty());
  CHECK(forbidding(by, to("1.1.1.1", 25)).empty());
}

TEST_CASE("A disguise does not help: denied by either address") {
  policy by;
  by.rules = {deny("10.0.0.0/8")};
  for (const auto* disguise :
       {"::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::"})
    CHECK(forbidding(by, to(disguise)) == "deny 10.0.0.0/8");
  by.rules = {allow("10.0.0.0/8")};
  by.air_gap = true;
  CHECK(forbidding(by, to("::ffff:10.0.0.1")) == "air gap");
}

TEST_CASE("A name is denied when no flow could go there by it") {
  policy by;
  by.rules = {
    deny("ads.example"), deny("mail.example tcp 25"), deny("10.0.0.0/8"),
    deny("any udp")};
  CHECK(asking(by, "ads.example") == "deny ads.example");
  CHECK(asking(by, "ads.example", true) == "deny ads.example");
  CHECK(asking(by, "mail.example").empty());
  CHECK(asking(by, "other.example").empty());
  by.containers["web"].rules = {allow("ads.example tcp 443")};
  CHECK(asking(by, "ads.example").empty());
  CHECK(asking(by, "ads.example", false, "db") == "deny ads.example");
}

TEST_CASE("Behind an air gap a name is answered by us, or if it is allowed") {
  policy by;
  by.air_gap = true;
  by.rules = {allow("*.corp.example tcp 443"), allow("10.0.0.0/8")};
  CHECK(asking(by, "example.com") == "air gap");
  CHECK(asking(by, "web", true).empty());
  CHECK(asking(by, "a.corp.example").empty());
}

TEST_CASE("Names are learned only where a rule means them") {
  policy by;
  by.rules = {allow("10.0.0.0/8"), deny("*.evil.example")};
  guest_rules rules{"web", std::make_shared<const policy>(by)};
  CHECK(net::is_meant(rules, "a.evil.example"));
  CHECK_FALSE(net::is_meant(rules, "example.com"));
  CHECK_FALSE(net::is_meant({}, "example.com"));
}

TEST_CASE("A container has its own limits, and everybody's where it has none") {
  policy by;
  by.limits = {10, 20, std::nullopt, 40};
  by.containers["web"].limits = {5, std::nullopt, 7, 8};
  guest_rules rules{"web", std::make_shared<const policy>(by)};
  CHECK(net::limits_of(rules) == policy_limits{5, 20, 7, 8});
  rules.who = "db";
  CHECK(net::limits_of(rules) == by.limits);
  CHECK(net::limits_of({}) == policy_limits{});
}
