#include "net/dns/decision.hpp"
#include "test/net/dns/message.hpp"
#include "test/support/show.hpp"

using namespace pier;
using namespace pier::trials;
using records = dns_record::kind;

namespace {

constexpr uint16_t type_cname = 5, type_txt = 16, type_srv = 33;

ip_address ip(const char* text) {
  return *ip_address::parse(text);
}

std::vector<endpoint> server(const char* text) {
  return {{ip(text), 53}};
}

dns_record record(std::string name, records type, const std::string& text) {
  dns_record out;
  out.name = std::move(name);
  out.type = type;
  if (auto address = ip_address::parse(text))
    out.address = *address;
  else
    out.text = text;
  return out;
}

struct fixture {
  dns_course
  decide(std::string name, uint16_t type = type_a, bool has_ipv6 = true) {
    net::zone own;
    own.suffixes = {"iechor.internal"};
    own.host = {ip("10.0.0.254"), ip("fd00::fe")};
    own.containers["web"] = {ip("10.0.0.3"), ip("fd00::3")};
    dns_question what;
    what.name = std::move(name);
    what.type = type;
    return net::dns_decision{by}.decide(own, what, has_ipv6);
  }

  /// Who is asked for the name; "ours" or "the host's".
  std::string asked(std::string name) {
    auto how = decide(std::move(name));
    if (how.what != dns_course::kind::forward)
      return "ours";
    return how.servers ? to_string(how.servers->front().ip) : "the host's";
  }

  /// What is told of the name, as a line for each record.
  std::vector<std::string> told(std::string name, uint16_t type = type_a) {
    auto how = decide(std::move(name), type);
    std::vector<std::string> out;
    for (const auto& each : how.own.records)
      out.push_back(
        each.name + " "
        + (each.text.empty() ? to_string(each.address) : each.text));
    for (const auto& each : how.own.addresses)
      out.push_back(to_string(each));
    if (how.what == dns_course::kind::forward)
      out.push_back("and " + (how.alias.empty() ? "nothing" : how.alias));
    return out;
  }

  bool has_no_data(std::string name, uint16_t type, bool has_ipv6 = true) {
    auto how = decide(std::move(name), type, has_ipv6);
    return how.what == dns_course::kind::own
      && how.own.what == dns_answer::kind::no_data;
  }

  dns_settings by;
};

using lines = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "Without a word the host's resolvers are asked") {
  CHECK(asked("example.com") == "the host's");
  CHECK(asked("web") == "ours");
}

TEST_CASE_METHOD(fixture, "The longest zone that a name ends in is asked") {
  by.servers = server("9.9.9.9");
  by.zones = {
    {"example", server("10.0.0.1")},
    {"corp.example", server("10.0.0.2")},
    {"open.corp.example", {}}};
  CHECK(asked("example") == "10.0.0.1");
  CHECK(asked("www.example") == "10.0.0.1");
  CHECK(asked("corp.example") == "10.0.0.2");
  CHECK(asked("a.b.corp.example") == "10.0.0.2");
  CHECK(asked("a.open.corp.example") == "the host's");
  CHECK(asked("notcorp.example") == "10.0.0.1");
  CHECK(asked("counterexample") == "9.9.9.9");
  CHECK(asked("corp.example.com") == "9.9.9.9");
}

TEST_CASE_METHOD(fixture, "Addresses that are filtered are not there") {
  using policy = address_policy;
  auto hidden = [&](policy how, uint16_t type, bool has_ipv6) {
    by.addresses = how;
    return has_no_data("example.com", type, has_ipv6);
  };
  for (auto has_ipv6 : {true, false}) {
    CHECK_FALSE(hidden(policy::automatic, type_a, has_ipv6));
    CHECK(hidden(policy::automatic, type_aaaa, has_ipv6) == !has_ipv6);
    CHECK_FALSE(hidden(policy::ipv4, type_a, has_ipv6));
    CHECK(hidden(policy::ipv4, type_aaaa, has_ipv6));
    CHECK(hidden(policy::ipv6, type_a, has_ipv6));
    CHECK_FALSE(hidden(policy::ipv6, type_aaaa, has_ipv6));
    CHECK_FALSE(hidden(policy::none, type_aaaa, has_ipv6));
    CHECK_FALSE(hidden(policy::ipv6, type_mx, has_ipv6));
  }
}

TEST_CASE_METHOD(
  fixture, "Our own names have both addresses, whatever is hidden") {
  by.addresses = address_policy::ipv4;
  by.records = {record("db.test", records::aaaa, "fd00::7")};
  CHECK(told("web", type_aaaa) == lines{"fd00::3"});
  CHECK(told("db.test", type_aaaa) == lines{"db.test fd00::7"});
}

TEST_CASE_METHOD(fixture, "A static name has its records and no others") {
  by.records = {
    record("db.test", records::a, "10.1.1.1"),
    record("db.test", records::a, "10.1.1.2"),
    record("db.test", records::txt, "hello"),
    record("_x._tcp.db.test", records::srv, "db.test")};
  CHECK(told("db.test") == lines{"db.test 10.1.1.1", "db.test 10.1.1.2"});
  CHECK(told("db.test", type_txt) == lines{"db.test hello"});
  CHECK(told("_x._tcp.db.test", type_srv) == lines{"_x._tcp.db.test db.test"});
  CHECK(told("db.test", type_any).size() == 3);
  CHECK(has_no_data("db.test", type_aaaa));
  CHECK(asked("other.test") == "the host's");
  CHECK(asked("a.db.test") == "the host's");
}

TEST_CASE_METHOD(
  fixture, "A wildcard stands for all below that have no closer record") {
  by.records = {
    record("*.dev.test", records::a, "10.1.1.1"),
    record("api.dev.test", records::a, "10.1.1.2"),
    record("*.deep.dev.test", records::a, "10.1.1.3")};
  CHECK(told("a.dev.test") == lines{"a.dev.test 10.1.1.1"});
  CHECK(told("a.b.dev.test") == lines{"a.b.dev.test 10.1.1.1"});
  CHECK(told("api.dev.test") == lines{"api.dev.test 10.1.1.2"});
  CHECK(told("a.deep.dev.test") == lines{"a.deep.dev.test 10.1.1.3"});
  CHECK(has_no_data("a.dev.test", type_txt));
  CHECK(asked("dev.test") == "the host's");
  // RFC 4592, 2.2.1: api.dev.test is there, and has no wildcard of its own.
  CHECK(asked("v1.api.dev.test") == "the host's");
}

TEST_CASE_METHOD(fixture, "An alias is followed through our own names") {
  by.records = {
    record("a.test", records::cname, "b.test"),
    record("b.test", records::cname, "c.test"),
    record("c.test", records::a, "10.1.1.1"),
    record("w.test", records::cname, "web")};
  CHECK(
    told("a.test")
    == lines{"a.test b.test", "b.test c.test", "c.test 10.1.1.1"});
  CHECK(told("a.test", type_cname) == lines{"a.test b.test"});
  CHECK(told("w.test") == lines{"w.test web", "web 10.0.0.3"});
}

TEST_CASE_METHOD(fixture, "An alias that leads out is asked for there") {
  by.zones = {{"example", server("10.0.0.1")}};
  by.records = {record("a.test", records::cname, "www.example")};
  CHECK(told("a.test") == lines{"a.test www.example", "and www.example"});
  CHECK(decide("a.test").servers->front().ip == ip("10.0.0.1"));
  by.addresses = address_policy::ipv4;
  CHECK(told("a.test", type_aaaa) == lines{"a.test www.example"});
}

TEST_CASE_METHOD(fixture, "Aliases that lead in a circle come to an end") {
  by.records = {
    record("a.test", records::cname, "b.test"),
    record("b.test", records::cname, "a.test")};
  auto way = told("a.test");
  CHECK(way.size() > 1);
  CHECK(way.size() < 20);
}

TEST_CASE_METHOD(
  fixture, "A static name goes before a container of that name") {
  by.records = {record("web", records::a, "10.9.9.9")};
  CHECK(told("web") == lines{"web 10.9.9.9"});
}
