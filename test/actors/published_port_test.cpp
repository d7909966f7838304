#include "actors/published_port.hpp"
#include "actors/sessions.hpp"
#include "net/gateway/address_plan.hpp"
#include "test/support/actor_fixture.hpp"

namespace {

using namespace pier;
using namespace pier::test;

const lease guest{
  3, *ip_address::parse("192.168.65.3"), *ip_address::parse("fd07::3")};
const auto any4 = ip_address::any(family::v4);
const auto any6 = ip_address::any(family::v6);

class fixture : public actor_fixture {
public:
  fixture()
    : sessions(keep(system.spawn(
      actors::sessions, &network, net::plan_network({}),
      actors::guest_limits{100, 100}, guest_rules{}, std::make_shared<tally>(),
      actors::reporter{}))) {}

  static port_settings ready_as(port_ready ready) {
    port_settings by;
    by.ready = ready;
    return by;
  }

  published_port_actor borrower_of_port(port_ready ready = port_ready::strict) {
    auto by = ready_as(ready);
    return keep(system.spawn(
      actors::published_port,
      actors::published_port_args{
        "port 80:80", port, sessions, [this] { return lives_at; }, by,
        [this](event::kind what, std::string text) {
          news.emplace_back(what, std::move(text));
        }}));
  }

  published_port_actor make(
    port_range container, port_ready ready = port_ready::strict,
    protocol proto = protocol::tcp) {
    port = std::make_shared<fake_port>(
      port_spec{proto, std::nullopt, container, container});
    return borrower_of_port(ready);
  }

  void serve(const published_port_actor& whom, std::vector<service> services) {
    caf::anon_send(whom, atom::serving::value, std::move(services));
    run();
  }

  void adopt(const published_port_actor& whom, const port_settings& by) {
    caf::anon_send(whom, atom::adopt::value, by);
    run();
  }

  /// A client comes; where its session dials.
  std::vector<endpoint>
  dials_of_client(uint16_t container_port, const endpoint& client = {}) {
    flow what{direction::inbound, protocol::tcp, {{}, container_port}, client};
    auto number = network.arrive(what);
    port->borrower({number, what});
    run();
    auto circuit = network.circuits.at(number);
    circuit->tell(circuit_event::kind::refused, ec::refused);
    run();
    return circuit->dials;
  }

  sessions_actor sessions;
  lease lives_at = guest;
  std::shared_ptr<fake_port> port;
  std::vector<std::pair<event::kind, std::string>> news;
};

using ports = std::set<uint16_t>;

} // namespace

TEST_CASE_METHOD(fixture, "a strict port is open while its container listens") {
  auto it = make({80, 80});
  CHECK(port->is_open == ports{});
  serve(it, {{protocol::tcp, {any4, 80}}});
  CHECK(port->is_open == ports{80});
  serve(it, {});
  CHECK(port->is_open == ports{});
}

TEST_CASE_METHOD(fixture, "each port of a range opens by itself") {
  auto it = make({80, 89});
  serve(
    it,
    {{protocol::tcp, {any6, 81}},
     {protocol::tcp, {guest.v4, 83}},
     {protocol::tcp, {any4, 90}}});
  CHECK(port->is_open == ports{81, 83});
}

TEST_CASE_METHOD(
  fixture, "a service on the guest's loopback is not published") {
  auto it = make({80, 80});
  serve(it, {{protocol::tcp, {ip_address::loopback(family::v4), 80}}});
  CHECK(port->is_open == ports{});
}

TEST_CASE_METHOD(fixture, "a UDP service opens no TCP port") {
  auto it = make({53, 53});
  serve(it, {{protocol::udp, {any4, 53}}});
  CHECK(port->is_open == ports{});
}

TEST_CASE_METHOD(fixture, "where services cannot be seen every port is open") {
  auto it = make({80, 82});
  serve(it, {{protocol::tcp, {any4, 0}}});
  CHECK(port->is_open == ports{80, 81, 82});
}

TEST_CASE_METHOD(fixture, "a port that is always ready ignores the services") {
  auto it = make({80, 81}, port_ready::listening);
  CHECK(port->is_open == ports{80, 81});
  serve(it, {});
  CHECK(port->is_open == ports{80, 81});
}

TEST_CASE_METHOD(fixture, "clients are sent where the service is") {
  auto it = make({80, 80});
  serve(it, {{protocol::tcp, {any4, 80}}});
  CHECK(dials_of_client(80).front() == endpoint{guest.v4, 80});
  serve(it, {{protocol::tcp, {guest.v6, 80}}});
  CHECK(dials_of_client(80).front() == endpoint{guest.v6, 80});
}

TEST_CASE_METHOD(
  fixture, "a client that is to be seen is sent to its own family first") {
  const endpoint far4{*ip_address::parse("203.0.113.9"), 4711};
  const endpoint far6{*ip_address::parse("2001:db8::9"), 4711};
  auto it = make({80, 80});
  serve(it, {{protocol::tcp, {any6, 80}}});
  CHECK(dials_of_client(80, far6).front() == endpoint{guest.v4, 80});
  auto by = ready_as(port_ready::strict);
  by.source = port_source::preserve;
  adopt(it, by);
  CHECK(dials_of_client(80, far4).front() == endpoint{guest.v4, 80});
  CHECK(dials_of_client(80, far6).front() == endpoint{guest.v6, 80});
  CHECK(dials_of_client(80, far6).back() == endpoint{guest.v4, 80});
}

TEST_CASE_METHOD(fixture, "a port that changes its ready opens or parks") {
  auto it = make({80, 81});
  serve(it, {{protocol::tcp, {any4, 81}}});
  adopt(it, ready_as(port_ready::listening));
  CHECK(port->is_open == ports{80, 81});
  serve(it, {{protocol::tcp, {any4, 80}}});
  CHECK(port->is_open == ports{80, 81});
  // By what it was told last, though it was no concern then.
  adopt(it, ready_as(port_ready::strict));
  CHECK(port->is_open == ports{80});
}

TEST_CASE_METHOD(fixture, "the sockets are told what their actor is told") {
  auto it = make({80, 80});
  auto by = ready_as(port_ready::strict);
  CHECK(port->adopted == std::vector{by});
  by.backlog = 7;
  adopt(it, by);
  CHECK(port->adopted.back() == by);
}

TEST_CASE_METHOD(
  fixture, "whoever dies gives the port back, but not a later loan") {
  auto one = make({80, 80});
  auto lent = port;
  auto two = borrower_of_port();
  CHECK(lent->loans == 2);
  caf::anon_send(one, atom::fault::value);
  run();
  CHECK(lent->borrower);
  caf::anon_send(two, atom::fault::value);
  run();
  CHECK_FALSE(lent->borrower);
}

TEST_CASE_METHOD(fixture, "what opens and closes is told, a run at a time") {
  auto it = make({80, 84});
  using told = std::pair<event::kind, std::string>;
  serve(
    it,
    {{protocol::tcp, {any4, 80}},
     {protocol::tcp, {any4, 81}},
     {protocol::tcp, {any4, 84}}});
  CHECK(
    news
    == std::vector<told>{
      {event::kind::port_opened, "0.0.0.0:30080-30081->80-81/tcp"},
      {event::kind::port_opened, "[::]:30080-30081->80-81/tcp"},
      {event::kind::port_opened, "0.0.0.0:30084->84/tcp"},
      {event::kind::port_opened, "[::]:30084->84/tcp"}});
  news.clear();
  serve(it, {{protocol::tcp, {any4, 81}}, {protocol::tcp, {any4, 84}}});
  CHECK(
    news
    == std::vector<told>{
      {event::kind::port_closed, "0.0.0.0:30080->80/tcp"},
      {event::kind::port_closed, "[::]:30080->80/tcp"}});
}
