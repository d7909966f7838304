#include "actors/root.hpp"
#include "test/support/actor_fixture.hpp"

#include <csignal>

namespace {

using namespace pier;
using namespace pier::test;

class fixture : public actor_fixture {
public:
  fixture()
    : root(keep(system.spawn(
      actors::root,
      actors::root_args{
        &network, std::make_shared<const settings>(),
        [this](const event& what) { news.push_back(what); }}))) {}

  static container_spec spec(const std::string& name) {
    container_spec out;
    out.name = name;
    out.command = {"true"};
    port_spec port;
    port.host = port.container = {80, 80};
    out.publish = {port};
    return out;
  }

  /// Asks for a container; `receive` later, when it runs or not.
  auto request_run(const container_spec& what) {
    auto asked = self->request(
      root, caf::infinite, atom::run::value, what, ticket{1});
    run();
    return asked;
  }

  std::shared_ptr<fake_premises> running(const std::string& name) {
    auto asked = request_run(spec(name));
    auto where = network.premises(name);
    REQUIRE(where);
    where->started();
    run();
    asked.receive(
      [](container_info&) {},
      [](caf::error& why) { FAIL(caf::to_string(why)); });
    return where;
  }

  void crash(const std::string& path) {
    ask<done_t>(root, atom::fault::value, path);
    pass(1s);
  }

  std::string text(const caf::error& why) {
    return why.context().match_elements<std::string>()
      ? why.context().get_as<std::string>(0)
      : caf::to_string(why);
  }

  health tree() {
    return *ask<health>(root, atom::status::value).first;
  }

  root_actor root;
};

} // namespace

TEST_CASE_METHOD(fixture, "a run is answered when the command runs") {
  auto asked = request_run(spec("web"));
  auto where = network.premises("web");
  REQUIRE(where);
  CHECK(where->starts == 1);
  CHECK(where->ports().size() == 1);
  where->started(77);
  run();
  int pid = 0;
  asked.receive(
    [&](container_info& info) { pid = info.pid; }, [](caf::error&) {});
  CHECK(pid == 77);
}

TEST_CASE_METHOD(
  fixture, "a port that is taken refuses the run and leaves nothing") {
  network.refuse_ports = error{ec::address_in_use, "listen tcp4 …"};
  auto [info, why] = ask<container_info>(
    root, atom::run::value, spec("web"), ticket{1});
  CHECK_FALSE(info);
  CHECK(text(why) == "listen tcp4 …");
  CHECK(network.occupied().empty());
  CHECK(network.discarded.count(1) == 1);
}

TEST_CASE_METHOD(fixture, "a command that cannot be run refuses the run") {
  auto asked = request_run(spec("web"));
  network.premises("web")->not_started({ec::command_not_found, "exec: …"});
  run();
  std::string why;
  asked.receive(
    [](container_info&) {}, [&](caf::error& error) { why = text(error); });
  CHECK(why == "exec: …");
  CHECK(network.occupied().empty());
}

TEST_CASE_METHOD(fixture, "a name in use is refused in words") {
  auto where = running("web");
  auto [info, why] = ask<container_info>(
    root, atom::run::value, spec("web"), ticket{2});
  CHECK_FALSE(info);
  CHECK(text(why).find("web is in use") != std::string::npos);
  CHECK(network.premises("web") == where);
}

TEST_CASE_METHOD(fixture, "the exit status reaches whoever waits") {
  auto where = running("web");
  auto waiting = self->request(
    root, caf::infinite, atom::wait::value, std::string{"web"});
  run();
  where->exited(3);
  run();
  int status = -1;
  waiting.receive(
    [&](container_info& info) { status = info.exit_status; },
    [](caf::error&) {});
  CHECK(status == 3);
  CHECK(network.occupied().empty());
  auto later = ask<container_info>(root, atom::wait::value, std::string{"web"})
                 .first;
  REQUIRE(later);
  CHECK(later->exit_status == 3);
}

TEST_CASE_METHOD(
  fixture, "a stop is SIGTERM, grace, SIGKILL, and answered last") {
  auto where = running("web");
  auto asked = self->request(
    root, caf::infinite, atom::stop::value, std::string{"web"});
  run();
  CHECK(where->signals == std::vector<int>{SIGTERM});
  pass(9999ms);
  CHECK(where->signals == std::vector<int>{SIGTERM});
  pass(1ms);
  CHECK(where->signals == std::vector<int>{SIGTERM, SIGKILL});
  CHECK(network.premises("web"));
  where->exited(137);
  run();
  auto answered = false;
  asked.receive([&](done_t) { answered = true; }, [](caf::error&) {});
  CHECK(answered);
  CHECK(network.occupied().empty());
}

TEST_CASE_METHOD(fixture, "a stop that leaves something says what") {
  auto where = running("web");
  where->leftovers = {"tcp 0.0.0.0:80 still listens"};
  auto asked = self->request(
    root, caf::infinite, atom::stop::value, std::string{"web"});
  run();
  where->exited(0);
  run();
  std::string why;
  asked.receive([](done_t) {}, [&](caf::error& error) { why = text(error); });
  CHECK(why.find("0.0.0.0:80 still listens") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "a stop while starting refuses the run") {
  auto asked = request_run(spec("web"));
  auto stopped = ask<done_t>(root, atom::stop::value, std::string{"web"}).first;
  CHECK(stopped);
  std::string why;
  asked.receive(
    [](container_info&) {}, [&](caf::error& error) { why = text(error); });
  CHECK(why.find("was stopped") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "nobody is of that name") {
  for (auto verb : {0, 1, 2}) {
    auto why = verb == 0
      ? ask<done_t>(root, atom::stop::value, std::string{"x"}).second
      : verb == 1
      ? ask<container_info>(root, atom::wait::value, std::string{"x"}).second
      : ask<container_info>(root, atom::inspect::value, std::string{"x"})
          .second;
    CHECK(text(why) == "no such container: x: see pier ps");
  }
}

TEST_CASE_METHOD(fixture, "ports come and go on a running container") {
  auto where = running("web");
  where->listening({{protocol::tcp, {{}, 81}}});
  port_spec more;
  more.host = more.container = {81, 81};
  auto bound = ask<std::vector<bound_port>>(
                 root, atom::publish::value, std::string{"web"}, more)
                 .first;
  REQUIRE(bound);
  CHECK(where->port(1).is_open == std::set<uint16_t>{81});
  CHECK(
    ask<done_t>(root, atom::unpublish::value, std::string{"web"}, more).first);
  CHECK(where->ports().size() == 1);
  auto again = ask<done_t>(
    root, atom::unpublish::value, std::string{"web"}, more);
  CHECK(text(again.second).find("does not publish 81:81") != std::string::npos);
}

TEST_CASE_METHOD(
  fixture, "-P publishes what is exposed and not published yet") {
  auto what = spec("web");
  what.publish_all = true;
  port_spec covered;
  covered.container = {80, 80};
  port_spec other;
  other.container = {443, 443};
  what.expose = {covered, other};
  request_run(what);
  auto ports = network.premises("web")->ports();
  REQUIRE(ports.size() == 2);
  CHECK(ports[1]->spec() == other);
}

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

TEST_CASE_METHOD(fixture, "stopping all stops each, and is answered once") {
  auto web = running("web");
  auto db = running("db");
  auto asked = self->request(root, caf::infinite, atom::stop::value);
  run();
  web->exited(0);
  run();
  db->exited(0);
  run();
  auto answered = false;
  asked.receive([&](done_t) { answered = true; }, [](caf::error&) {});
  CHECK(answered);
  CHECK(network.occupied().empty());
}

TEST_CASE_METHOD(fixture, "an attached namespace has no command to wait for") {
  auto what = spec("other");
  what.command.clear();
  what.netns = "/run/netns/other";
  auto asked = request_run(what);
  network.premises("other")->started(0);
  run();
  asked.receive([](container_info&) {}, [](caf::error&) {});
  CHECK(ask<done_t>(root, atom::stop::value, std::string{"other"}).first);
  CHECK(network.occupied().empty());
}
