#include "test/actors/household_fixture.hpp"

#include <csignal>

using namespace pier;
using namespace pier::test;
using fixture = household_fixture;

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

TEST_CASE_METHOD(
  fixture, "a container that is asked for while it ends is there, or was") {
  // Asked after one step of anybody, after two, … until there is none left.
  int steps = 0;
  int taken = 0;
  do {
    running("web")->exited(3);
    for (taken = 0; taken < steps && scheduler.has_job(); ++taken)
      scheduler.run_once();
    auto [info, why] = ask<container_info>(
      root, atom::wait::value, std::string{"web"});
    INFO("after " << steps << " steps: " << caf::to_string(why));
    REQUIRE(info);
    CHECK(info->exit_status == 3);
  } while (taken == steps++);
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
  fixture, "a port is taken back without a word on its options, or with all") {
  auto where = running("web");
  port_spec plain;
  plain.host = plain.container = {81, 81};
  auto preserved = plain;
  preserved.source = port_source::preserve;
  auto headed = preserved;
  headed.proxy = proxy_protocol::v2;
  auto unpublish = [&](const port_spec& what) {
    return ask<done_t>(root, atom::unpublish::value, std::string{"web"}, what)
      .second;
  };
  for (const auto& said : {plain, headed}) {
    REQUIRE(ask<std::vector<bound_port>>(
              root, atom::publish::value, std::string{"web"}, headed)
              .first);
    CHECK(
      text(unpublish(preserved))
        .find("does not publish 81:81,source=preserve: see")
      != std::string::npos);
    CHECK_FALSE(unpublish(said));
    CHECK(where->ports().size() == 1);
  }
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
