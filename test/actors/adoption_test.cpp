#include "test/actors/household_fixture.hpp"

using namespace pier;
using namespace pier::test;

namespace {

const auto far = *ip_address::parse("203.0.113.9");

class fixture : public household_fixture {
public:
  uint64_t adopt(bool air_gap, const std::string& only = {}) {
    policy by;
    if (only.empty())
      by.air_gap = air_gap;
    else
      by.containers[only].air_gap = air_gap;
    return *ask<uint64_t>(
              root, atom::adopt::value,
              policy_ptr{std::make_shared<const policy>(std::move(by))})
              .first;
  }

  std::shared_ptr<circuit_record>
  admit(const std::shared_ptr<fake_premises>& from) {
    auto number = network.arrive(
      {direction::outbound,
       protocol::tcp,
       {from->info().address.v4, 1},
       {far, 80}});
    run();
    return network.circuits.at(number);
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
  dns_settings by;
  by.servers = {{far, 53}};
  caf::anon_send(root, atom::adopt::value, by);
  run();
  crash("dns");
  auto number = network.ask("example.com", web->info().address.v4);
  run();
  auto asked = network.exchanges.at(number);
  REQUIRE(asked->course.servers);
  CHECK(*asked->course.servers == by.servers);
}
