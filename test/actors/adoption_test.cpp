#include "test/actors/household_fixture.hpp"

using namespace pier;
using namespace pier::test;

namespace {

const auto far = *ip_address::parse("203.0.113.9");

class fixture : public household_fixture {
public:
  using answer = std::pair<std::optional<adoption>, caf::error>;

  answer adopt(const settings& next) {
    return ask<adoption>(root, atom::adopt::value, shared(next));
  }

  answer weigh(const settings& next) {
    return ask<adoption>(root, atom::weigh::value, shared(next));
  }

  static settings_ptr shared(const settings& next) {
    return std::make_shared<const settings>(next);
  }

  static settings gapped(bool air_gap, const std::string& only = {}) {
    settings next;
    if (only.empty())
      next.policy.air_gap = air_gap;
    else
      next.policy.containers[only].air_gap = air_gap;
    return next;
  }

  uint64_t adopt(bool air_gap, const std::string& only = {}) {
    return adopt(gapped(air_gap, only)).first->ended;
  }

  /// A flow out from this port of the guest.
  ticket
  arrive(const std::shared_ptr<fake_premises>& from, uint16_t number = 1) {
    auto made = network.arrive(
      {direction::outbound,
       protocol::tcp,
       {from->info().address.v4, number},
       {far, 80}});
    run();
    return made;
  }

  std::shared_ptr<circuit_record>
  admit(const std::shared_ptr<fake_premises>& from, uint16_t number = 1) {
    return network.circuits.at(arrive(from, number));
  }
};

} // namespace

TEST_CASE_METHOD(
  fixture,
  "new rules reach every container, and all that they end is counted") {
  auto web = running("web");
  auto db = running("db");
  auto one = admit(web);
  auto two = admit(db);
  CHECK(adopt(true) == 2);
  CHECK_FALSE(one->alive);
  CHECK_FALSE(two->alive);
  CHECK(admit(web)->refused == ec::forbidden);
  CHECK(adopt(false) == 0);
  CHECK_FALSE(admit(web)->refused);
}

TEST_CASE_METHOD(fixture, "a container's own rules touch no neighbour") {
  auto web = running("web");
  auto db = running("db");
  auto one = admit(web);
  auto two = admit(db);
  CHECK(adopt(true, "web") == 1);
  CHECK_FALSE(one->alive);
  CHECK(two->alive);
}

TEST_CASE_METHOD(fixture, "who is reborn is born with the newest rules") {
  auto path = GENERATE(
    "containers/web/sessions", "containers/web", "containers", "gateway");
  auto web = running("web");
  adopt(true);
  crash(path);
  CHECK(admit(web)->refused == ec::forbidden);
  CHECK(admit(running("db"))->refused == ec::forbidden);
}

TEST_CASE_METHOD(fixture, "a reborn DNS server has the newest settings") {
  auto web = running("web");
  settings by;
  by.dns.servers = {{far, 53}};
  adopt(by);
  crash("dns");
  auto number = network.ask("example.com", web->info().address.v4);
  run();
  auto asked = network.exchanges.at(number);
  REQUIRE(asked->course.servers);
  CHECK(*asked->course.servers == by.dns.servers);
}

TEST_CASE_METHOD(fixture, "the answer of an adoption is what differs") {
  settings next;
  next.dns.addresses = address_policy::ipv4;
  next.network.hosts["db"] = {far};
  auto [told, refused] = adopt(next);
  REQUIRE(told);
  std::vector<setting_change> changes{
    {"network.hosts.*", "db", {}, "\"203.0.113.9\""},
    {"dns.addresses", "", "\"auto\"", "\"ipv4\""}};
  CHECK(told->changes == changes);
  CHECK(adopt(next).first->changes.empty());
  CHECK(*kept == next);
}

TEST_CASE_METHOD(fixture, "whoever a change does not concern hears nothing") {
  auto web = running("web");
  auto one = admit(web);
  auto made = network.cache_limits.size();
  settings next;
  next.network.hosts["db"] = {far};
  adopt(next);
  CHECK(network.cache_limits.size() == made);
  CHECK(network.adopted.empty());
  next.timeouts.dns = 1s;
  adopt(next);
  CHECK(network.cache_limits.size() == made);
  REQUIRE(network.adopted.size() == 1);
  CHECK(network.adopted[0].second.dns == 1s);
  next.dns.cache.entries = 7;
  adopt(next);
  CHECK(network.cache_limits.size() == made + 1);
  CHECK(network.adopted.size() == 1);
  CHECK(one->alive);
}

TEST_CASE_METHOD(
  fixture, "what one key refuses, no key of the same settings gets") {
  auto web = running("web");
  auto one = admit(web);
  network.refuse_network = error{ec::bad_request, "network.subnet: in the way"};
  auto next = gapped(true);
  next.network.mtu = 9000;
  next.timeouts.dns = 1s;
  auto [told, refused] = adopt(next);
  CHECK_FALSE(told);
  CHECK(text(refused) == "network.subnet: in the way");
  CHECK(one->alive);
  CHECK(network.adopted.empty());
  CHECK(network.renumbered.empty());
  CHECK(kept == nullptr);
  CHECK_FALSE(admit(web)->refused);
  crash("containers");
  CHECK_FALSE(admit(web)->refused);
}

TEST_CASE_METHOD(fixture, "new names are answered from the next question on") {
  auto web = running("web");
  settings next;
  next.network.hosts["db.lab"] = {far};
  adopt(next);
  auto number = network.ask("db.lab", web->info().address.v4);
  run();
  CHECK(network.exchanges.at(number)->answer);
}

TEST_CASE_METHOD(fixture, "new limits hold for the flows that come") {
  auto web = running("web");
  settings next;
  next.limits.flows = next.limits.pending = 1;
  adopt(next);
  auto one = admit(web);
  CHECK(network.declined.at(arrive(web, 2)) == ec::exhausted);
  CHECK(one->alive);
}

TEST_CASE_METHOD(fixture, "ports that are published hear of their settings") {
  auto web = running("web");
  CHECK(web->port(0).is_open.empty());
  settings next;
  next.ports.ready = port_ready::listening;
  next.ports.backlog = 7;
  adopt(next);
  CHECK(web->port(0).is_open == std::set<uint16_t>{80});
  CHECK(web->port(0).adopted.back() == next.ports);
  // And whoever comes after them.
  crash("containers/web");
  CHECK(web->port(0).adopted.back() == next.ports);
}

TEST_CASE_METHOD(
  fixture, "a container holds so many descriptors as it may, ports counted") {
  auto web = running("web"); // One port, two addresses.
  settings next;
  next.policy.limits.descriptors = 1000;
  next.policy.containers["web"].limits.descriptors = 8;
  adopt(next);
  auto one = admit(web, 1);
  auto two = admit(web, 2);
  auto is_declined = [&](uint16_t number) {
    return network.declined.contains(arrive(web, number));
  };
  CHECK(is_declined(3));
  auto facts = tree().children.at(2).children.at(0).children.at(0).facts;
  CHECK(
    std::count(
      facts.begin(), facts.end(),
      std::pair<std::string, std::string>{"declined by descriptors", "1"})
    == 1);
  CHECK(one->alive);
  SECTION("a port beyond it is refused with the name of the limit") {
    port_spec more;
    more.host = more.container = {81, 83};
    auto [bound, why] = ask<std::vector<bound_port>>(
      root, atom::publish::value, std::string{"web"}, more);
    CHECK_FALSE(bound);
    CHECK(
      text(why)
      == "port 81-83:81-83 takes the ports of container web to 16 descriptors, "
         "and container.web.descriptors is 8: raise it, or publish fewer");
    CHECK(web->ports().size() == 1);
  }
  SECTION("a port that goes makes room") {
    ask<done_t>(
      root, atom::unpublish::value, std::string{"web"}, web->port(0).spec());
    CHECK_FALSE(is_declined(4));
    CHECK_FALSE(is_declined(5));
    CHECK(is_declined(6));
  }
  SECTION("sessions that are reborn know it") {
    crash("containers/web/sessions");
    CHECK_FALSE(is_declined(4));
    CHECK_FALSE(is_declined(5));
    CHECK(is_declined(6));
  }
}

TEST_CASE_METHOD(fixture, "to weigh settings changes nothing") {
  auto web = running("web");
  auto one = admit(web);
  auto [told, refused] = weigh(gapped(true));
  REQUIRE(told);
  CHECK(told->ended == 1);
  CHECK(told->changes.size() == 1);
  CHECK(one->alive);
  CHECK(adopt(true) == 1);
}

// CAF forgets the promises of an actor that dies: the reload was never
// answered, and every later one waited for it.
TEST_CASE_METHOD(
  fixture, "an adoption is answered though who asks around dies") {
  auto path = GENERATE(
    "containers/web/sessions", "containers/web", "containers");
  auto one = admit(running("web"));
  auto asked = self->request(
    root, 5s, atom::adopt::value, shared(gapped(true)));
  ask<done_t>(root, atom::fault::value, std::string{path});
  run();
  CHECK_FALSE(one->alive);
  pass(6s);
  auto answered = false;
  asked.receive(
    [&](adoption& told) { answered = told.changes.size() == 1; },
    [](caf::error&) {});
  CHECK(answered);
}
