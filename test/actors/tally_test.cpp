// What is counted: of containers, ports and forwards, while they are there.

#include "test/actors/forwards_fixture.hpp"

namespace {

using namespace pier;
using namespace pier::test;

constexpr auto out = direction::outbound;
constexpr auto in = direction::inbound;

class fixture : public forwards_fixture {
public:
  metrics count() {
    auto all = ask<metrics>(root, atom::tally::value).first;
    REQUIRE(all);
    return *all;
  }

  /// Of this container.
  tally count(const std::string& name) {
    for (const auto& each : count().containers)
      if (each.name == name)
        return each.counts;
    FAIL("nothing is counted of " << name);
    return {};
  }

  std::shared_ptr<circuit_record>
  leave(const std::string& name, const endpoint& to) {
    auto guest = network.premises(name)->address().v4;
    auto number = network.arrive({out, protocol::tcp, {guest, 4711}, to});
    run();
    auto found = network.circuits.find(number);
    return found == network.circuits.end() ? nullptr : found->second;
  }

  std::shared_ptr<circuit_record> enter(fake_port& by) {
    flow what{in, protocol::tcp, {{}, 80}, client};
    auto number = network.arrive(what);
    by.borrower({number, what});
    run();
    return network.circuits.at(number);
  }

  void open(circuit_record& which) {
    which.tell(circuit_event::kind::dialed);
    which.tell(circuit_event::kind::joined);
    run();
  }

  void end(circuit_record& which, ec why = ec::ok) {
    which.tell(circuit_event::kind::ended, why);
    run();
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a flow is counted when it begins, runs and ends") {
  running("web");
  auto flow = leave("web", far);
  flow->bytes = {};
  CHECK(count("web").of(out, protocol::tcp).begun == 1);
  CHECK(count("web").of(out, protocol::tcp).open == 1);
  open(*flow);
  flow->bytes = {100, 1000};
  CHECK(count("web").of(out, protocol::tcp).bytes == traffic{100, 1000});
  // Whoever looks twice does not count twice.
  CHECK(count("web").of(out, protocol::tcp).bytes == traffic{100, 1000});
  flow->bytes = {150, 2000};
  end(*flow);
  auto then = count("web").of(out, protocol::tcp);
  CHECK(then.bytes == traffic{150, 2000});
  CHECK(then.open == 0);
  CHECK(then.begun == 1);
  CHECK(then.refused.empty());
}

TEST_CASE_METHOD(fixture, "a refusal is counted by what its beginner heard") {
  running("web");
  auto why = GENERATE(ec::refused, ec::host_unreachable, ec::timed_out);
  auto flow = leave("web", far);
  flow->tell(circuit_event::kind::refused, why);
  run();
  auto then = count("web").of(out, protocol::tcp);
  CHECK(then.refused == std::map<ec, uint64_t>{{why, 1}});
  CHECK(then.open == 0);
}

TEST_CASE_METHOD(fixture, "a flow that a pause declines is counted, too") {
  running("web");
  act pause;
  pause.what = act::kind::pause;
  pause.path = "containers/web";
  ask<uint64_t>(root, atom::obey::value, pause, pause.path);
  CHECK_FALSE(leave("web", far));
  CHECK(
    count("web").of(out, protocol::tcp).refused
    == std::map<ec, uint64_t>{{ec::refused, 1}});
}

TEST_CASE_METHOD(fixture, "the clients of a port are counted at it, too") {
  auto where = running("web");
  auto all = count("web").ports;
  REQUIRE(all.size() == 1);
  auto id = all.begin()->first;
  CHECK(all.begin()->second.begun == 0);
  auto flow = enter(where->port(0));
  open(*flow);
  flow->bytes = {5, 6};
  end(*flow);
  auto then = count("web");
  CHECK(then.ports.at(id).begun == 1);
  CHECK(then.ports.at(id).bytes == traffic{5, 6});
  CHECK(then.of(in, protocol::tcp).begun == 1);
  CHECK(then.of(in, protocol::tcp).bytes == traffic{5, 6});
}

TEST_CASE_METHOD(fixture, "no count grows less, whoever is reborn") {
  auto where = running("web");
  auto flow = leave("web", far);
  open(*flow);
  flow->bytes = {100, 1000};
  end(*flow);
  auto running_on = leave("web", far);
  open(*running_on);
  auto before = count("web").of(out, protocol::tcp);
  CHECK(before.begun == 2);
  for (auto path :
       {"containers/web/sessions", "containers/web", "containers"}) {
    crash(path);
    auto then = count("web").of(out, protocol::tcp);
    CHECK(then.begun == 2);
    CHECK(then.bytes.sent >= before.bytes.sent);
    CHECK(then.bytes.received >= before.bytes.received);
    // Its sessions have died with them.
    CHECK(then.open == 0);
  }
  auto restarts = count("web").restarts;
  CHECK(restarts["sessions"] == 1);
  CHECK(restarts["container"] == 1);
  CHECK(count().restarts.at("containers") == 1);
  CHECK(leave("web", far));
  CHECK(count("web").of(out, protocol::tcp).begun == 3);
}

TEST_CASE_METHOD(fixture, "what is counted of a container goes with it") {
  running("web");
  leave("web", far);
  network.premises("web")->exited(0);
  run();
  CHECK(count().containers.empty());
  running("web");
  CHECK(count("web").of(out, protocol::tcp).begun == 0);
}

TEST_CASE_METHOD(fixture, "what is counted of a port goes with it") {
  running("web");
  port_spec port;
  port.host = port.container = {80, 80};
  ask<done_t>(root, atom::unpublish::value, std::string{"web"}, port);
  run();
  CHECK(count("web").ports.empty());
}

TEST_CASE_METHOD(fixture, "a question is counted by what became of it") {
  running("web");
  auto guest = network.premises("web")->address().v4;
  network.ask("web.iechor.internal", guest);
  run();
  auto forwarded = network.ask("example.com", guest);
  auto failed = network.ask("example.net", guest);
  run();
  pass(30ms);
  network.exchanges.at(forwarded)->sink({ec::ok, {}, {}});
  network.exchanges.at(failed)->sink({ec::timed_out, {}, {}});
  run();
  auto names = count("web").names;
  auto of = [&](dns_outcome what) {
    return names.outcomes[static_cast<size_t>(what)];
  };
  CHECK(of(dns_outcome::own) == 1);
  CHECK(of(dns_outcome::forwarded) == 1);
  CHECK(of(dns_outcome::failed) == 1);
  CHECK(names.sum == 60ms);
  // Both between 25 and 100 ms.
  CHECK(names.within[6] == 2);
}

TEST_CASE("a latency that is a bound is below it") {
  dns_tally names;
  names.add(500us);
  names.add(501us);
  names.add(11s);
  CHECK(names.within[0] == 1);
  CHECK(names.within[1] == 1);
  CHECK(names.within.back() == 1);
}

TEST_CASE_METHOD(fixture, "a forward is counted while it is in the settings") {
  adopt({{at(9000), to(far)}});
  auto flow = circuit(9000);
  open(*flow);
  flow->bytes = {1, 2};
  end(*flow);
  auto all = count().forwards;
  REQUIRE(all.size() == 1);
  CHECK(all[0].name == to_string(at(9000)));
  CHECK(all[0].counts.of(in, protocol::tcp).bytes == traffic{1, 2});
  crash("forwards/" + to_string(at(9000)));
  CHECK(count().forwards[0].counts.of(in, protocol::tcp).begun == 1);
  CHECK(count().forwards[0].counts.restarts.at("forward") == 1);
  adopt({});
  CHECK(count().forwards.empty());
}
