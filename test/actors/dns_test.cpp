#include "actors/dns.hpp"
#include "actors/sessions.hpp"
#include "test/support/actor_fixture.hpp"

namespace {

using namespace pier;
using namespace pier::test;

constexpr uint16_t type_aaaa = 28;

const lease guest{
  3, *ip_address::parse("192.168.65.3"),
  *ip_address::parse("fd07:b51a:cc66::3")};
const std::vector<endpoint> corp{{*ip_address::parse("10.0.0.53"), 53}};

class fixture : public actor_fixture {
public:
  dns_actor make(const dns_settings& by = {}) {
    settings with;
    with.dns = by;
    auto dns = keep(system.spawn(actors::dns, &network, with));
    auto sessions = keep(system.spawn(
      actors::sessions, &network, net::plan_network({}),
      actors::guest_limits{100, 100}, guest_rules{}, std::make_shared<tally>(),
      actors::reporter{}));
    caf::anon_send(
      dns, atom::house::value, std::string{"web"}, guest, sessions);
    run();
    return dns;
  }

  std::shared_ptr<exchange_record>
  asked(const std::string& name, uint16_t type = 1) {
    auto number = network.ask(name, guest.v4, type);
    run();
    return network.exchanges.at(number);
  }

  void adopt(const dns_actor& dns, const dns_settings& by) {
    auto next = std::make_shared<settings>();
    next->dns = by;
    caf::anon_send(dns, atom::adopt::value, settings_ptr{next});
    run();
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "new settings count from the next question on") {
  auto dns = make();
  CHECK(asked("a.corp.example")->course.servers == nullptr);
  dns_settings by;
  by.zones["corp.example"] = corp;
  adopt(dns, by);
  CHECK(*asked("a.corp.example")->course.servers == corp);
  CHECK(asked("a.example")->course.servers == nullptr);
  CHECK(asked("web")->answer);
}

TEST_CASE_METHOD(
  fixture, "a cache is made anew by new settings, and left alone by the same") {
  dns_settings by;
  by.cache.entries = 7;
  auto dns = make(by);
  CHECK(network.cache_limits == std::vector{by.cache});
  adopt(dns, by);
  CHECK(network.cache_limits.size() == 1);
  by.servers = corp;
  adopt(dns, by);
  CHECK(network.cache_limits.size() == 2);
}

TEST_CASE_METHOD(
  fixture, "IPv6 addresses are told while the host has a way to go there") {
  make();
  CHECK(asked("example.com", type_aaaa)->forwarded);
  network.ipv6 = false;
  auto hidden = asked("example.com", type_aaaa);
  CHECK_FALSE(hidden->forwarded);
  CHECK(hidden->answer->what == dns_answer::kind::no_data);
  CHECK(asked("example.com")->forwarded);
  network.ipv6 = true;
  CHECK(asked("example.com", type_aaaa)->forwarded);
}

TEST_CASE_METHOD(fixture, "a question bears the time at which it was decided") {
  make();
  auto first = asked("example.com")->course.when;
  pass(90s);
  CHECK(asked("example.com")->course.when - first == 90s);
}
