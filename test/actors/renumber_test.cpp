/// The guests' network becomes another one while a whole tree lives in it.

#include "test/actors/adopting_fixture.hpp"

using namespace pier;
using namespace pier::test;

namespace {

using fixture = adopting_fixture;

void join(circuit_record& circuit) {
  circuit.tell(circuit_event::kind::dialed);
}

} // namespace

TEST_CASE_METHOD(
  fixture, "flows at an old address end, both ways, and are counted") {
  auto web = running("web");
  web->listening({{protocol::tcp, {ip_address::any(family::v6), 80}}});
  auto out = leave(web);
  auto in = come(web);
  join(*in);
  run();
  CHECK(weigh(other) == 2);
  CHECK(out->alive);
  auto told = adopt(other);
  REQUIRE(told);
  CHECK(told->ended == 2);
  // One still waits for its far side, and hears why; the other is reset.
  CHECK(out->refused == ec::renumbered);
  CHECK_FALSE(out->alive);
  CHECK_FALSE(in->refused);
  CHECK_FALSE(in->alive);
  CHECK(to_string(web->info().address.v4) == "10.7.0.3");
  CHECK(leave(web)->dials == std::vector<endpoint>{{far, 80}});
  CHECK(come(web)->dials.front() == endpoint{web->info().address.v4, 80});
}

TEST_CASE_METHOD(fixture, "only the family that differs moves") {
  auto web = running("web");
  auto four = leave(web);
  auto six = leave(web, far6);
  CHECK(adopt(in_network({}, "fd11:22::/64"))->ended == 1);
  CHECK(four->alive);
  CHECK_FALSE(six->alive);
}

TEST_CASE_METHOD(fixture, "an MTU ends nothing, and reaches the kernel") {
  auto one = leave(running("web"));
  settings next;
  next.network.mtu = 1400;
  CHECK(adopt(next)->ended == 0);
  CHECK(one->alive);
  REQUIRE(network.renumbered.size() == 1);
  CHECK(network.renumbered[0].mtu == 1400);
}

TEST_CASE_METHOD(fixture, "names of no address move nobody") {
  running("web");
  settings next;
  next.network.hosts["db"] = {far};
  adopt(next);
  CHECK(network.renumbered.empty());
}

TEST_CASE_METHOD(
  fixture, "a longer subnet ends what went where it does not lead any more") {
  auto web = running("web");
  auto stays = leave(web);
  auto host = leave(web, *ip_address::parse("192.168.65.254"));
  CHECK(adopt(in_network("192.168.65.0/25"))->ended == 1);
  CHECK(stays->alive);
  CHECK_FALSE(host->alive);
}

TEST_CASE_METHOD(
  fixture,
  "the kernel follows when the flows have ended, and then it is done") {
  auto one = leave(running("web"));
  network.opening_takes_time = true;
  auto opens = network.opens;
  auto asked = self->request(
    root, caf::infinite, atom::adopt::value,
    std::make_shared<const settings>(other));
  run();
  CHECK_FALSE(one->alive);
  CHECK(network.opens == opens + 1);
  auto is_done = [&] {
    auto tree_says = tree();
    return tree_says.children.front().state != "renumbering";
  };
  CHECK_FALSE(is_done());
  network.gateway_opened({});
  run();
  CHECK(is_done());
  auto ended = uint64_t{0};
  asked.receive(
    [&](adoption& told) { ended = told.ended; }, [](caf::error&) {});
  CHECK(ended == 1);
}

TEST_CASE_METHOD(fixture, "who dies over it finds it done") {
  auto path = GENERATE(
    "containers/web/sessions", "containers/web", "containers", "gateway",
    "dns");
  auto web = running("web");
  web->listening({{protocol::tcp, {ip_address::any(family::v6), 80}}});
  auto asked = self->request(
    root, caf::infinite, atom::adopt::value,
    std::make_shared<const settings>(other));
  ask<done_t>(root, atom::fault::value, std::string{path});
  run();
  pass(2s);
  auto answered = false;
  asked.receive([&](adoption&) { answered = true; }, [](caf::error&) {});
  CHECK(answered);
  CHECK(answer("web", web) == web->info().address.addresses());
  CHECK(leave(web)->dials == std::vector<endpoint>{{far, 80}});
  CHECK(come(web)->dials.front() == endpoint{web->info().address.v4, 80});
}

TEST_CASE_METHOD(fixture, "a route in the way is news, in words") {
  network.warn({ec::bad_request, "network.subnet: in the way"});
  run();
  REQUIRE_FALSE(news.empty());
  CHECK(news.back().what == event::kind::warning);
  CHECK(news.back().text == "network.subnet: in the way");
}
