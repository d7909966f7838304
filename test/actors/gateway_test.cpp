#include "actors/dns.hpp"
#include "actors/gateway.hpp"
#include "actors/sessions.hpp"
#include "test/support/actor_fixture.hpp"

namespace {

using namespace pier;
using namespace pier::test;

const lease guest{
  3, *ip_address::parse("192.168.65.3"),
  *ip_address::parse("fd07:b51a:cc66::3")};
const auto far = *ip_address::parse("203.0.113.9");

class fixture : public actor_fixture {
public:
  gateway_actor make() {
    return keep(
      system.spawn(actors::gateway, &network, [this](const event& what) {
        news.push_back(what);
      }));
  }
  dns_actor make_dns() {
    return keep(system.spawn(actors::dns, &network, settings{}));
  }
  sessions_actor make_sessions() {
    return keep(system.spawn(
      actors::sessions, &network, net::plan_network({}),
      actors::guest_limits{100, 100}, guest_rules{}, std::make_shared<tally>(),
      actors::reporter{}));
  }
  ticket arrive(const ip_address& from) {
    auto number = network.arrive(
      {direction::outbound, protocol::tcp, {from, 4711}, {far, 80}});
    run();
    return number;
  }

  const error no_tun{ec::gateway_lost, "user namespaces are forbidden"};
};

} // namespace

TEST_CASE_METHOD(fixture, "whoever awaits the gateway hears when it is up") {
  network.opening_takes_time = true;
  auto gateway = make();
  auto asked = self->request(gateway, caf::infinite, atom::await::value);
  run();
  network.gateway_opened({});
  run();
  auto up = false;
  asked.receive([&](done_t) { up = true; }, [](caf::error&) {});
  CHECK(up);
}

TEST_CASE_METHOD(
  fixture, "a gateway that is refused says why and tries again") {
  network.gateway_answer = no_tun;
  auto gateway = make();
  auto [up, why] = ask<done_t>(gateway, atom::await::value);
  CHECK_FALSE(up);
  CHECK(why.context().get_as<std::string>(0) == no_tun.text);
  for (int i = 0; i < 20; ++i)
    pass(5s);
  CHECK(network.opens >= 20);
  CHECK(network.opens < 35);
  network.gateway_answer = {};
  pass(5s);
  CHECK(ask<done_t>(gateway, atom::await::value).first);
}

TEST_CASE_METHOD(fixture, "a lost keeper is replaced at once") {
  auto gateway = make();
  network.keeper_lost();
  run();
  CHECK(network.opens == 2);
  CHECK(ask<done_t>(gateway, atom::await::value).first);
}

TEST_CASE_METHOD(fixture, "a flow goes to the sessions of its guest") {
  auto gateway = make();
  auto sessions = make_sessions();
  caf::anon_send(
    gateway, atom::house::value, std::string{"web"}, guest, sessions);
  run();
  CHECK(network.circuits.count(arrive(guest.v4)) == 1);
  CHECK(network.circuits.count(arrive(guest.v6)) == 1);
}

TEST_CASE_METHOD(fixture, "a stranger's flow is met with silence") {
  auto gateway = make();
  CHECK(network.declined.at(arrive(far)) == ec::timed_out);
}

TEST_CASE_METHOD(fixture, "a guest whose sessions died is a stranger") {
  auto gateway = make();
  auto sessions = make_sessions();
  caf::anon_send(
    gateway, atom::house::value, std::string{"web"}, guest, sessions);
  run();
  caf::anon_send_exit(sessions, caf::exit_reason::kill);
  run();
  CHECK(network.declined.count(arrive(guest.v4)) == 1);
}

TEST_CASE_METHOD(fixture, "a reborn gateway hears of the flows that wait") {
  auto number = arrive(far);
  CHECK(network.declined.empty());
  auto gateway = make();
  CHECK(network.declined.count(number) == 1);
}

TEST_CASE_METHOD(
  fixture, "a name of our own is answered, any other forwarded") {
  auto dns = make_dns();
  auto sessions = make_sessions();
  caf::anon_send(dns, atom::house::value, std::string{"web"}, guest, sessions);
  run();
  auto web = network.ask("web", guest.v4);
  auto host = network.ask("host.iechor.internal", guest.v4);
  auto other = network.ask("example.com", guest.v4);
  run();
  REQUIRE(network.exchanges.at(web)->answer);
  CHECK(
    network.exchanges.at(web)->answer->addresses
    == std::vector<ip_address>{guest.v4});
  CHECK(network.exchanges.at(host)->answer);
  CHECK(network.exchanges.at(other)->forwarded);
}

TEST_CASE_METHOD(fixture, "a stranger's question is refused") {
  auto dns = make_dns();
  auto number = network.ask("example.com", far);
  run();
  CHECK_FALSE(network.exchanges.at(number)->forwarded);
  CHECK_FALSE(network.exchanges.at(number)->alive);
}

TEST_CASE_METHOD(fixture, "the name of a container that is gone is not ours") {
  auto dns = make_dns();
  auto one = make_sessions();
  auto two = make_sessions();
  caf::anon_send(dns, atom::house::value, std::string{"web"}, guest, one);
  lease next{4, guest.v4.plus(1), guest.v6.plus(1)};
  caf::anon_send(dns, atom::house::value, std::string{"db"}, next, two);
  run();
  caf::anon_send_exit(one, caf::exit_reason::kill);
  run();
  auto number = network.ask("web", next.v4);
  run();
  CHECK(network.exchanges.at(number)->forwarded);
}
