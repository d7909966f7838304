#include "actors/sessions.hpp"
#include "net/gateway/address_plan.hpp"
#include "test/support/actor_fixture.hpp"

namespace {

using namespace pier;
using namespace pier::test;

const auto guest = *ip_address::parse("192.168.65.3");
const auto host_name = *ip_address::parse("192.168.65.254");
const auto far = *ip_address::parse("203.0.113.9");

class fixture : public actor_fixture {
public:
  fixture()
    : sessions(keep(system.spawn(
      actors::sessions, &network, net::plan_network({}),
      actors::guest_limits{4, 6}, guest_rules{}, std::make_shared<tally>(),
      actors::reporter{}))) {}

  std::shared_ptr<circuit_record>
  admit(const ip_address& to, uint16_t port = 80) {
    flow what{direction::outbound, protocol::tcp, {guest, 4711}, {to, port}};
    last = network.arrive(what);
    caf::anon_send(sessions, atom::admit::value, arrival{last, what});
    run();
    auto found = network.circuits.find(last);
    return found == network.circuits.end() ? nullptr : found->second;
  }

  size_t count() {
    return ask<health>(sessions, atom::status::value).first->children.size();
  }

  sessions_actor sessions;
  ticket last = 0;
};

} // namespace

TEST_CASE_METHOD(
  fixture, "a guest hears yes only after the far side said yes") {
  auto circuit = admit(far);
  REQUIRE(circuit);
  CHECK(circuit->dials == std::vector<endpoint>{{far, 80}});
  CHECK_FALSE(circuit->joined);
  circuit->tell(circuit_event::kind::dialed);
  run();
  CHECK(circuit->joined);
}

TEST_CASE_METHOD(fixture, "a refusal reaches the guest in the same words") {
  auto why = GENERATE(
    ec::refused, ec::host_unreachable, ec::network_unreachable, ec::timed_out,
    ec::exhausted);
  auto circuit = admit(far);
  circuit->tell(circuit_event::kind::refused, why);
  run();
  CHECK(circuit->refused == why);
  CHECK_FALSE(circuit->alive);
  CHECK(count() == 0);
}

TEST_CASE_METHOD(fixture, "the host's name leads to 127.0.0.1, then to ::1") {
  auto circuit = admit(host_name, 8000);
  circuit->tell(circuit_event::kind::refused, ec::refused);
  run();
  CHECK(
    circuit->dials
    == std::vector<endpoint>{
      {ip_address::loopback(family::v4), 8000},
      {ip_address::loopback(family::v6), 8000}});
  CHECK_FALSE(circuit->refused);
}

TEST_CASE_METHOD(fixture, "what is forbidden is refused without a dial") {
  auto circuit = admit(ip_address::loopback(family::v4));
  REQUIRE(circuit);
  CHECK(circuit->dials.empty());
  CHECK(circuit->refused == ec::forbidden);
}

TEST_CASE_METHOD(fixture, "a flow is shown as it stands") {
  auto circuit = admit(host_name, 8000);
  auto shown = [&] {
    auto all = ask<std::vector<flow_info>>(sessions, atom::flows::value).first;
    REQUIRE(all->size() == 1);
    return all->front();
  };
  CHECK(shown().state == "dialing");
  CHECK(shown().path == "sessions/tcp-1");
  CHECK(shown().to == endpoint{ip_address::loopback(family::v4), 8000});
  circuit->tell(circuit_event::kind::refused, ec::refused);
  run();
  CHECK(shown().to == endpoint{ip_address::loopback(family::v6), 8000});
  circuit->tell(circuit_event::kind::dialed);
  circuit->tell(circuit_event::kind::joined);
  run();
  pass(3s);
  CHECK(shown().state == "open");
  CHECK(shown().what.peer == endpoint{host_name, 8000});
  CHECK(shown().milliseconds == 3000);
  circuit->tell(circuit_event::kind::ended);
  run();
  CHECK(
    ask<std::vector<flow_info>>(sessions, atom::flows::value).first->empty());
}

TEST_CASE_METHOD(
  fixture, "the state and the round trips of a flow are the kernel's word") {
  auto circuit = admit(far);
  auto shown = [&] {
    auto all = ask<std::vector<flow_info>>(sessions, atom::flows::value).first;
    return all->front();
  };
  // Nobody has answered: there is nothing to ask the kernel about.
  circuit->sides = {true, false, 70, 80};
  CHECK(shown().state == "dialing");
  CHECK_FALSE(shown().peer_rtt);
  circuit->tell(circuit_event::kind::dialed);
  circuit->tell(circuit_event::kind::joined);
  run();
  CHECK(shown().state == "half-closed by guest");
  CHECK(shown().guest_rtt == 70);
  CHECK(shown().peer_rtt == 80);
  circuit->sides.peer_is_done = true;
  CHECK(shown().state == "closing");
  circuit->sides.guest_is_done = false;
  CHECK(shown().state == "half-closed by peer");
}

TEST_CASE("what has no connection has no state of one") {
  CHECK(state_of(protocol::udp, {}) == std::string{"datagrams"});
  CHECK(state_of(protocol::icmp, {}) == std::string{"echoes"});
}

TEST_CASE_METHOD(fixture, "a session that crashes ends alone") {
  auto one = admit(far);
  auto two = admit(far);
  two->tell(circuit_event::kind::dialed);
  one->tell(circuit_event::kind::dialed);
  run();
  ask<done_t>(sessions, atom::fault::value, std::string{"tcp-1"});
  CHECK_FALSE(one->alive);
  CHECK(two->alive);
  CHECK(count() == 1);
}

TEST_CASE_METHOD(fixture, "an end is the end of its session") {
  auto circuit = admit(far);
  circuit->tell(circuit_event::kind::dialed);
  circuit->tell(circuit_event::kind::joined);
  circuit->tell(circuit_event::kind::ended, ec::reset);
  run();
  CHECK_FALSE(circuit->alive);
  CHECK(count() == 0);
}

TEST_CASE_METHOD(fixture, "a guest that floods has its new flows dropped") {
  std::vector<std::shared_ptr<circuit_record>> pending;
  for (int i = 0; i < 4; ++i)
    pending.push_back(admit(far));
  CHECK(admit(far) == nullptr);
  CHECK(network.declined.at(last) == ec::exhausted);
  // One that is answered makes room, be it by yes, no or a crash.
  pending[0]->tell(circuit_event::kind::dialed);
  pending[0]->tell(circuit_event::kind::joined);
  run();
  CHECK(admit(far));
  pending[1]->tell(circuit_event::kind::refused, ec::refused);
  run();
  CHECK(admit(far));
  ask<done_t>(sessions, atom::fault::value, std::string{"tcp-3"});
  CHECK(admit(far));
  CHECK(admit(far) == nullptr);
}

TEST_CASE_METHOD(
  fixture, "a guest that keeps flows open has its share and no more") {
  std::vector<std::shared_ptr<circuit_record>> open;
  for (int i = 0; i < 6; ++i) {
    open.push_back(admit(far));
    open.back()->tell(circuit_event::kind::dialed);
    open.back()->tell(circuit_event::kind::joined);
    run();
  }
  CHECK(admit(far) == nullptr);
  CHECK(network.declined.at(last) == ec::exhausted);
  open[0]->tell(circuit_event::kind::ended);
  run();
  CHECK(admit(far));
}

TEST_CASE_METHOD(fixture, "a flow that has ended meanwhile needs no session") {
  flow what{direction::outbound, protocol::tcp, {guest, 4711}, {far, 80}};
  caf::anon_send(sessions, atom::admit::value, arrival{99, what});
  run();
  CHECK(count() == 0);
}

TEST_CASE_METHOD(
  fixture, "a client of a port gets the first target that answers") {
  flow what{direction::inbound, protocol::tcp, {guest, 80}, {far, 5}};
  auto number = network.arrive(what);
  std::vector<endpoint> targets{{guest, 80}, {far, 81}};
  caf::anon_send(
    sessions, atom::admit::value, arrival{number, what}, targets,
    std::string{});
  run();
  auto circuit = network.circuits.at(number);
  circuit->tell(circuit_event::kind::refused, ec::refused);
  run();
  CHECK(circuit->dials == targets);
  circuit->tell(circuit_event::kind::refused, ec::refused);
  run();
  CHECK(circuit->refused == ec::refused);
}

TEST_CASE_METHOD(fixture, "a query of our own zone is answered at once") {
  dns_question what;
  what.number = 7;
  dns_course own;
  own.what = dns_course::kind::own;
  own.own.what = dns_answer::kind::records;
  caf::anon_send(sessions, atom::ask::value, what, own);
  run();
  CHECK(network.exchanges.at(7)->answer);
  CHECK_FALSE(network.exchanges.at(7)->forwarded);
  CHECK(count() == 0);
}

TEST_CASE_METHOD(fixture, "an upstream that fails is SERVFAIL") {
  dns_question what;
  what.number = 7;
  caf::anon_send(sessions, atom::ask::value, what, dns_course{});
  run();
  auto exchange = network.exchanges.at(7);
  CHECK(exchange->forwarded);
  exchange->sink({ec::timed_out, {}, {}});
  run();
  CHECK(exchange->failed);
  CHECK(count() == 0);
}

TEST_CASE_METHOD(fixture, "an upstream's answer ends the query") {
  dns_question what;
  what.number = 7;
  caf::anon_send(sessions, atom::ask::value, what, dns_course{});
  run();
  auto exchange = network.exchanges.at(7);
  exchange->sink({});
  run();
  CHECK_FALSE(exchange->failed);
  CHECK_FALSE(exchange->alive);
}
