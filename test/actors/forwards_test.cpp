#include "test/actors/forwards_fixture.hpp"

using namespace pier;
using namespace pier::test;

namespace {

using fixture = forwards_fixture;

} // namespace

TEST_CASE_METHOD(fixture, "a forward leads each client to its address") {
  adopt({{at(8080), to(far)}});
  CHECK(is_open(8080));
  auto number = come(8080);
  CHECK(network.circuits.at(number)->dials == std::vector{far});
  CHECK_FALSE(network.led.at(number).to_guest);
  CHECK_FALSE(network.led.at(number).proxy_header);
  auto all = list();
  REQUIRE(all.size() == 1);
  CHECK(all[0].open);
  CHECK(all[0].clients == 1);
  CHECK(all[0].served == 1);
}

TEST_CASE_METHOD(fixture, "a forward leads to a Unix socket, and introduces") {
  forward_spec what;
  what.to.path = "/run/x";
  what.proxy_protocol = true;
  adopt({{at(8080), what}});
  auto number = come(8080);
  CHECK(network.led.at(number).path == "/run/x");
  CHECK(network.led.at(number).proxy_header);
  CHECK(network.circuits.at(number)->dials.size() == 1);
}

TEST_CASE_METHOD(
  fixture, "a container is looked up for each client, where it is then") {
  adopt({{at(8080), to("web")}});
  auto none = come(8080);
  CHECK(network.declined.at(none) == ec::refused);
  CHECK(list()[0].refusal == "no container web is there: see pier ps");
  auto web = running("web");
  auto number = come(8080);
  CHECK(
    network.circuits.at(number)->dials
    == std::vector{endpoint{web->address().v4, 80}});
  CHECK(network.led.at(number).to_guest);
  CHECK(list()[0].refusal.empty());
  CHECK(list()[0].refused == 1);
}

TEST_CASE_METHOD(
  fixture, "that a container is not there is news once, and its return") {
  auto told = [&](event::kind what) {
    return std::count_if(news.begin(), news.end(), [&](const event& each) {
      return each.what == what;
    });
  };
  adopt({{at(8080), to("web")}});
  come(8080);
  come(8080);
  CHECK(told(event::kind::forward_refused) == 1);
  CHECK(
    news.back().text
    == "tcp://127.0.0.1:8080 -> web:80: no container web is there: see pier "
       "ps");
  running("web");
  come(8080);
  come(8080);
  CHECK(told(event::kind::forward_up) == 1);
}

TEST_CASE_METHOD(
  fixture, "what leads to a container ends with it, and nothing else") {
  adopt({{at(8080), to("web")}, {at(8081), to(far)}});
  auto web = running("web");
  auto ends = circuit(8080);
  auto stays = circuit(8081);
  // It was led elsewhere meanwhile.
  adopt({{at(8080), to(far)}, {at(8081), to(far)}});
  auto new_one = circuit(8080);
  web->exited(0);
  run();
  CHECK_FALSE(ends->alive);
  CHECK(stays->alive);
  CHECK(new_one->alive);
}

TEST_CASE_METHOD(
  fixture, "what leads to a container ends when its address is another one") {
  adopt({{at(8080), to("web")}});
  running("web");
  auto flow = circuit(8080);
  auto next = *kept;
  next.network.mtu = 1400;
  auto change = [&] {
    return ask<adoption>(
             root, atom::adopt::value, std::make_shared<const settings>(next))
      .first.has_value();
  };
  CHECK(change());
  CHECK(flow->alive);
  next.network.subnet = *ip_subnet::parse("10.7.0.0/24");
  CHECK(change());
  CHECK_FALSE(flow->alive);
}

TEST_CASE_METHOD(
  fixture, "a forward that leads elsewhere keeps its socket and its flows") {
  adopt({{at(8080), to(far)}, {at(8081), to(far)}});
  auto before = network.forwards.at(at(8080));
  auto one = circuit(8080);
  auto asked = network.reservations;
  auto [told, refused] = adopt({{at(8080), to(other)}, {at(8081), to(far)}});
  REQUIRE(told);
  CHECK(told->ended == 0);
  CHECK(told->changes.size() == 1);
  CHECK(network.forwards.at(at(8080)) == before);
  CHECK(network.reservations == asked);
  CHECK(before->loans == 1);
  CHECK(one->alive);
  CHECK(circuit(8080)->dials == std::vector{other});
}

TEST_CASE_METHOD(
  fixture, "a forward that is taken away ends its flows, which are counted") {
  adopt({{at(8080), to(far)}, {at(8081), to(far)}});
  auto one = circuit(8080);
  auto two = circuit(8080);
  auto stays = circuit(8081);
  CHECK(weigh({{at(8081), to(far)}}).first->ended == 2);
  CHECK(one->alive);
  auto asked = network.reservations;
  CHECK(adopt({{at(8081), to(far)}}).first->ended == 2);
  CHECK(network.reservations == asked);
  CHECK_FALSE(one->alive);
  CHECK_FALSE(two->alive);
  CHECK(stays->alive);
  CHECK(network.reserved() == std::vector{at(8081)});
}

TEST_CASE_METHOD(
  fixture, "what one listen refuses, no forward of the same settings gets") {
  adopt({{at(8080), to(far)}, {at(8081), to(far)}});
  auto one = circuit(8080);
  network.taken[at(8090)] = in_use;
  auto [told, refused] = adopt(
    {{at(8080), to(other)}, {at(8085), to(far)}, {at(8090), to(far)}});
  CHECK_FALSE(told);
  CHECK(
    text(refused)
    == "forward tcp://127.0.0.1:8090: bind: address already in use");
  CHECK(one->alive);
  CHECK(network.reserved() == std::vector{at(8080), at(8081)});
  CHECK(circuit(8080)->dials == std::vector{far});
  CHECK(is_open(8081));
}

TEST_CASE_METHOD(
  fixture, "a new forward is bound as the same settings say of ports") {
  with.ports.bind = port_bind::local;
  adopt({{at(8080), to(far)}});
  CHECK(network.bound_by.at(at(8080)).bind == port_bind::local);
}

TEST_CASE_METHOD(fixture, "to weigh forwards takes no place, but tells a no") {
  CHECK(weigh({{at(8080), to(far)}}).first);
  CHECK(network.reserved().empty());
  network.taken[at(8080)] = in_use;
  CHECK_FALSE(weigh({{at(8080), to(far)}}).first);
}

TEST_CASE_METHOD(fixture, "of a thousand forwards one is changed alone") {
  std::map<listen_address, forward_spec> all;
  for (uint16_t port = 2000; port < 3000; ++port)
    all[at(port)] = to(far);
  adopt(all);
  std::vector<std::shared_ptr<circuit_record>> flows;
  for (uint16_t port = 2000; port < 3000; ++port)
    flows.push_back(circuit(port));
  auto asked = network.reservations;
  all[at(2500)] = to(other);
  CHECK(adopt(all).first->changes.size() == 1);
  all.erase(at(2501));
  CHECK(adopt(all).first->ended == 1);
  CHECK(network.reservations == asked);
  auto alive = std::count_if(
    flows.begin(), flows.end(), [](const auto& each) { return each->alive; });
  CHECK(alive == 999);
}
