#include "actors/runtime/refusal.hpp"
#include "actors/tree_path.hpp"
#include "test/actors/household_fixture.hpp"

using namespace pier;
using namespace pier::test;

namespace {

const auto far = *ip_address::parse("203.0.113.9");
const std::string the_port = "containers/web/port 80:80";

class fixture : public household_fixture {
public:
  fixture() : where(running("web")) {
    where->listening({{protocol::tcp, {{}, 80}}});
    run();
  }

  /// The flows that are left, or the refusal.
  std::pair<std::optional<uint64_t>, caf::error> obey(
    act::kind what, const std::string& path,
    std::chrono::seconds patience = 0s) {
    return ask<uint64_t>(
      root, atom::obey::value, act{what, path, "a test", patience}, path);
  }

  /// A client of the port whose connection stands.
  std::shared_ptr<circuit_record> client() {
    flow what{direction::inbound, protocol::tcp, {{}, 80}, {far, 4711}};
    auto number = network.arrive(what);
    where->port(0).borrower({number, what});
    run();
    auto made = network.circuits.at(number);
    made->tell(circuit_event::kind::dialed);
    made->tell(circuit_event::kind::joined);
    run();
    return made;
  }

  /// A flow that the container begins; null: it was not even let begin.
  std::shared_ptr<circuit_record> begin() {
    last = network.arrive(
      {direction::outbound,
       protocol::tcp,
       {where->info().address.v4, 4711},
       {far, 80}});
    run();
    auto found = network.circuits.find(last);
    return found == network.circuits.end() ? nullptr : found->second;
  }

  bool is_open() {
    return !where->port(0).is_open.empty();
  }

  std::shared_ptr<fake_premises> where;
  ticket last = 0;
};

} // namespace

TEST_CASE_METHOD(fixture, "who is killed dies as of a bug, with the reason") {
  auto circuit = begin();
  REQUIRE(circuit);
  CHECK(obey(act::kind::kill, "containers/web/sessions/tcp-1").first == 0);
  CHECK_FALSE(circuit->alive);
  const auto& told = news.back();
  CHECK(told.what == event::kind::fault);
  CHECK(told.text == "sessions/tcp-1: killed: a test");
  CHECK(told.path == "containers/web/sessions/tcp-1");
  CHECK(told.container == "web");
}

TEST_CASE_METHOD(fixture, "to be killed too often is to be given up") {
  for (int i = 0; i < 6; ++i) {
    obey(act::kind::kill, "containers/web");
    pass(1s);
  }
  CHECK_FALSE(network.premises("web"));
}

TEST_CASE_METHOD(fixture, "to be restarted counts as no failure") {
  auto faults = [&] {
    return std::count_if(news.begin(), news.end(), [](const event& each) {
      return each.what == event::kind::fault;
    });
  };
  auto path = GENERATE(
    as<std::string>{}, "containers/web", "containers/web/sessions",
    "containers/web/port 80:80", "containers", "gateway", "dns");
  for (int i = 0; i < 50; ++i)
    CHECK(obey(act::kind::restart, path).first == 0);
  run();
  CHECK(faults() == 0);
  CHECK(network.premises("web") == where);
  CHECK(where->port(0).borrower);
  CHECK(is_open());
  CHECK(begin());
}

TEST_CASE_METHOD(fixture, "a session is never restarted, and says so") {
  REQUIRE(begin());
  auto [done, why] = obey(act::kind::restart, "containers/web/sessions/tcp-1");
  CHECK_FALSE(done);
  CHECK(text(why).find("never restarted") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "a paused port refuses and its clients stay") {
  auto there = client();
  CHECK(obey(act::kind::pause, the_port).first == 0);
  CHECK_FALSE(is_open());
  CHECK(there->alive);
  where->listening({{protocol::tcp, {{}, 80}}, {protocol::tcp, {{}, 81}}});
  run();
  CHECK_FALSE(is_open());
  CHECK(obey(act::kind::resume, the_port).first == 0);
  CHECK(is_open());
}

TEST_CASE_METHOD(fixture, "no restart ends a pause") {
  auto path = GENERATE(
    as<std::string>{}, "containers/web", "containers/web/sessions",
    "containers/web/port 80:80", "containers");
  obey(act::kind::pause, "containers/web");
  obey(act::kind::restart, path);
  run();
  CHECK_FALSE(is_open());
  CHECK_FALSE(begin());
  obey(act::kind::resume, "containers/web");
  run();
  CHECK(is_open());
  CHECK(begin());
}

TEST_CASE_METHOD(fixture, "what a paused container begins is refused") {
  auto before = begin();
  obey(act::kind::pause, "containers/web");
  CHECK_FALSE(begin());
  CHECK(network.declined.at(last) == ec::refused);
  CHECK(before->alive);
}

TEST_CASE_METHOD(fixture, "a drain is answered when the last flow has ended") {
  auto out = begin();
  auto one = client();
  auto two = client();
  auto path = GENERATE(as<std::string>{}, the_port, "containers/web");
  auto asked = self->request(
    root, caf::infinite, atom::obey::value,
    act{act::kind::drain, path, "a test", 60s}, path);
  run();
  CHECK_FALSE(is_open());
  one->tell(circuit_event::kind::ended);
  run();
  if (path == the_port)
    CHECK(out->alive);
  else
    out->tell(circuit_event::kind::ended);
  two->tell(circuit_event::kind::ended);
  run();
  asked.receive(
    [](uint64_t left) { CHECK(left == 0); },
    [](caf::error& why) { FAIL(caf::to_string(why)); });
}

TEST_CASE_METHOD(fixture, "a drain tells how many are left in the end") {
  auto one = client();
  auto two = client();
  auto asked = self->request(
    root, caf::infinite, atom::obey::value,
    act{act::kind::drain, the_port, "a test", 60s}, the_port);
  run();
  pass(59s);
  one->tell(circuit_event::kind::ended);
  run();
  pass(1s);
  asked.receive(
    [](uint64_t left) { CHECK(left == 1); },
    [](caf::error& why) { FAIL(caf::to_string(why)); });
  CHECK(two->alive);
}

TEST_CASE_METHOD(fixture, "a drain ends with what it waits for") {
  auto there = client();
  auto asked = self->request(
    root, caf::infinite, atom::obey::value,
    act{act::kind::drain, the_port, "a test", 1h}, the_port);
  run();
  crash("containers/web/sessions");
  asked.receive(
    [](uint64_t left) { CHECK(left == 0); },
    [](caf::error& why) { FAIL(caf::to_string(why)); });
  CHECK_FALSE(there->alive);
}

TEST_CASE_METHOD(fixture, "who takes no flows in cannot be paused") {
  for (const auto* path :
       {"gateway", "containers", "containers/web/sessions"}) {
    auto [done, why] = obey(act::kind::pause, path);
    CHECK_FALSE(done);
    CHECK(actors::from_caf(why).code == ec::bad_request);
  }
  auto [done, why] = obey(act::kind::pause, "gateway/nobody");
  CHECK_FALSE(done);
  CHECK(actors::from_caf(why).code == ec::bad_request);
}

TEST_CASE_METHOD(fixture, "nobody stands at a path that leads nowhere") {
  auto [done, why] = obey(act::kind::kill, "containers/nobody");
  CHECK_FALSE(done);
  CHECK(text(why) == "no actor at containers/nobody: see pier tree");
}

TEST_CASE_METHOD(fixture, "a person names containers and ports as he likes") {
  using actors::tree_path;
  CHECK(tree_path(network, "web") == "containers/web");
  CHECK(tree_path(network, "root/dns") == "dns");
  CHECK(tree_path(network, "30080") == the_port);
  CHECK(tree_path(network, "127.0.0.1:30080/tcp") == the_port);
  CHECK(tree_path(network, "[::1]:30080") == the_port);
  CHECK(tree_path(network, "30080/udp") == "30080/udp");
  CHECK(tree_path(network, "30081") == "30081");
  CHECK(tree_path(network, the_port) == the_port);
}
