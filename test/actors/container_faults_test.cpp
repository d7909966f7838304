#include "test/actors/household_fixture.hpp"

#include <algorithm>
#include <csignal>

using namespace pier;
using namespace pier::test;
using fixture = household_fixture;

TEST_CASE_METHOD(
  fixture, "a crashed port is reborn and borrows its sockets again") {
  auto where = running("web");
  where->listening({{protocol::tcp, {{}, 80}}});
  run();
  crash("containers/web/port 80:80");
  CHECK(where->port(0).loans == 2);
  CHECK(where->port(0).borrower);
  CHECK(where->port(0).is_open == std::set<uint16_t>{80});
}

TEST_CASE_METHOD(fixture, "a crashed container goes on where it stood") {
  auto where = running("web");
  auto other = running("db");
  where->listening({{protocol::tcp, {{}, 80}}});
  run();
  crash("containers/web");
  CHECK(network.premises("web") == where);
  CHECK(where->starts == 1);
  CHECK(where->port(0).borrower);
  CHECK(where->port(0).is_open == std::set<uint16_t>{80});
  CHECK(other->port(0).loans == 1);
  auto number = network.arrive(
    {direction::outbound, protocol::tcp, {where->info().address.v4, 1}, {}});
  run();
  CHECK(network.circuits.count(number) == 1);
  where->exited(5);
  run();
  CHECK_FALSE(network.premises("web"));
  CHECK(network.premises("db"));
}

TEST_CASE_METHOD(
  fixture,
  "what a port says between its container's death and its own counts") {
  auto where = running("web");
  auto at = [&](const char* path) {
    auto found = ask<caf::actor>(root, atom::find::value, std::string{path});
    REQUIRE(found.first);
    return *found.first;
  };
  auto container = at("containers/web");
  auto port = caf::actor_cast<published_port_actor>(
    at("containers/web/port 80:80"));
  news.clear();
  // An exit is no faster than any other message.
  caf::anon_send_exit(container, caf::exit_reason::kill);
  caf::anon_send(
    port, atom::serving::value,
    std::vector<service>{{protocol::tcp, {{}, 80}}});
  run();
  REQUIRE_FALSE(news.empty());
  auto opened = std::find_if(news.begin(), news.end(), [](const event& each) {
    return each.what == event::kind::port_opened;
  });
  REQUIRE(opened != news.end());
  CHECK(opened->container == "web");
  CHECK(opened->path == "containers/web");
}

TEST_CASE_METHOD(fixture, "a container that keeps crashing is given up alone") {
  auto where = running("web");
  auto other = running("db");
  for (int i = 0; i < 6; ++i)
    crash("containers/web");
  CHECK_FALSE(network.premises("web"));
  CHECK(network.premises("db") == other);
  auto info = ask<container_info>(
                root, atom::inspect::value, std::string{"web"})
                .first;
  REQUIRE(info);
  CHECK(info->failure.find("gave up") != std::string::npos);
}

TEST_CASE_METHOD(
  fixture, "the crash of all containers' actor loses no container") {
  auto where = running("web");
  auto other = running("db");
  crash("containers");
  CHECK(network.premises("web") == where);
  CHECK(where->port(0).borrower);
  CHECK(other->port(0).borrower);
  CHECK(tree().children.at(2).children.size() == 2);
  auto number = network.arrive(
    {direction::outbound, protocol::tcp, {other->info().address.v4, 1}, {}});
  run();
  CHECK(network.circuits.count(number) == 1);
}

TEST_CASE_METHOD(
  fixture, "the crash of the gateway's actor disturbs no session") {
  auto where = running("web");
  flow what{
    direction::outbound,
    protocol::tcp,
    {where->info().address.v4, 1},
    {*ip_address::parse("1.2.3.4"), 2}};
  auto first = network.arrive(what);
  run();
  crash("gateway");
  CHECK(network.circuits.at(first)->alive);
  auto second = network.arrive(what);
  run();
  CHECK(network.circuits.count(second) == 1);
}

TEST_CASE_METHOD(fixture, "the crash of the DNS actor is a pause of names") {
  auto where = running("web");
  crash("dns");
  auto number = network.ask("web", where->info().address.v4);
  run();
  CHECK(network.exchanges.at(number)->answer);
}

TEST_CASE_METHOD(
  fixture, "a crashed sessions actor takes its flows and returns") {
  auto where = running("web");
  where->listening({{protocol::tcp, {{}, 80}}});
  run();
  flow what{
    direction::outbound,
    protocol::tcp,
    {where->info().address.v4, 1},
    {*ip_address::parse("1.2.3.4"), 2}};
  auto first = network.arrive(what);
  run();
  crash("containers/web/sessions");
  CHECK_FALSE(network.circuits.at(first)->alive);
  auto second = network.arrive(what);
  run();
  CHECK(network.circuits.count(second) == 1);
  CHECK(where->port(0).borrower);
}

TEST_CASE_METHOD(
  fixture, "a stop goes on after the crash of whoever it was asked of") {
  auto where = running("web");
  auto asked = self->request(
    root, caf::infinite, atom::stop::value, std::string{"web"});
  run();
  auto grace = settings{}.timeouts.stop;
  for (const auto* path : {"containers/web", "containers"}) {
    crash(path);
    CHECK(where->signals == std::vector{SIGTERM});
    CHECK(floor("containers").children.front().state == "stopping");
  }
  asked.receive(
    [](done_t) { FAIL("it has not stopped"); },
    [](caf::error& why) {
      CHECK(text(why).find("try again") != std::string::npos);
    });
  pass(grace);
  CHECK(where->signals == std::vector{SIGTERM, SIGKILL});
}
