/// What every port holds to, the fake one of the actors' tests included: an
/// actor that was tested with a lie would be wrong in earnest.

#include "test/contract/ground.hpp"
#include "test/support/fake_premises.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace pier;
using namespace pier::contract;

namespace {

/// Makes ports of one kind, real or not.
class maker {
public:
  virtual ~maker() = default;
  virtual port_spec random(size_t ports) = 0;
  virtual std::shared_ptr<net::port> publish(const port_spec& spec) = 0;
  /// A client comes to the first port; whoever has borrowed it hears at once.
  virtual void come(net::port& to) = 0;
};

template <const kind& What>
class real : public maker {
public:
  port_spec random(size_t ports) override {
    return on_.random(ports);
  }
  std::shared_ptr<net::port> publish(const port_spec& spec) override {
    return on_.published(spec);
  }
  void come(net::port& to) override {
    clients_.push_back(on_.come(to));
    auto& last = clients_.back();
    REQUIRE(on_.until([&] { return last.answer().has_value(); }));
    on_.settle();
  }

private:
  ground on_{What};
  std::vector<client> clients_;
};

class fake : public maker {
public:
  port_spec random(size_t ports) override {
    port_spec spec;
    spec.host_ip = ip_address::loopback(family::v4);
    spec.container = {
      first_port, static_cast<uint16_t>(first_port + ports - 1)};
    return spec;
  }
  std::shared_ptr<net::port> publish(const port_spec& spec) override {
    return std::make_shared<test::fake_port>(spec);
  }
  void come(net::port& to) override {
    auto& borrower = dynamic_cast<test::fake_port&>(to).borrower;
    if (borrower && to.bound()[0].open)
      borrower({++last_, {direction::inbound, protocol::tcp, {}, {}}});
  }

private:
  ticket last_ = 0;
};

std::vector<bool> open_ones(const net::port& which) {
  std::vector<bool> out;
  for (const auto& each : which.bound())
    out.push_back(each.open);
  return out;
}

using flags = std::vector<bool>;

} // namespace

#define EVERY_PORT real<tcp4>, real<tcp6>, real<udp4>, real<udp6>, fake

TEMPLATE_TEST_CASE("a port says what it was made of", "", EVERY_PORT) {
  TestType make;
  auto spec = make.random(3);
  auto port = make.publish(spec);
  CHECK(port->spec() == spec);
  auto bound = port->bound();
  REQUIRE(bound.size() == 3);
  std::vector<uint16_t> hosts;
  for (size_t i = 0; i < bound.size(); ++i) {
    CHECK(bound[i].proto == spec.proto);
    CHECK(to_string(bound[i].host.ip) == to_string(*spec.host_ip));
    CHECK(bound[i].host.port != 0);
    CHECK(bound[i].container == first_port + i);
    hosts.push_back(bound[i].host.port);
  }
  std::sort(hosts.begin(), hosts.end());
  CHECK(std::unique(hosts.begin(), hosts.end()) == hosts.end());
}

TEMPLATE_TEST_CASE(
  "a port without an address has both families", "", EVERY_PORT) {
  TestType make;
  auto spec = make.random(2);
  spec.host_ip.reset();
  auto bound = make.publish(spec)->bound();
  REQUIRE(bound.size() == 4);
  for (size_t i = 0; i < bound.size(); i += 2) {
    CHECK(to_string(bound[i].host.ip) == "0.0.0.0");
    CHECK(to_string(bound[i + 1].host.ip) == "::");
    CHECK(bound[i].host.port == bound[i + 1].host.port);
    CHECK(bound[i].container == bound[i + 1].container);
  }
}

TEMPLATE_TEST_CASE(
  "a port is born parked and opens one by one", "", EVERY_PORT) {
  TestType make;
  auto port = make.publish(make.random(3));
  CHECK(open_ones(*port) == flags{false, false, false});
  REQUIRE(port->open(first_port + 1));
  CHECK(open_ones(*port) == flags{false, true, false});
  REQUIRE(port->open(first_port + 1)); // Twice is once.
  REQUIRE(port->open(first_port + 2));
  CHECK(open_ones(*port) == flags{false, true, true});
  port->park(first_port + 1);
  port->park(first_port + 1);
  CHECK(open_ones(*port) == flags{false, false, true});
}

TEMPLATE_TEST_CASE(
  "settings that come open nothing and park nothing", "", EVERY_PORT) {
  TestType make;
  auto port = make.publish(make.random(2));
  REQUIRE(port->open(first_port));
  port_settings by;
  by.backlog = 3;
  by.source = port_source::preserve;
  by.bind = port_bind::local_only;
  auto before = port->bound();
  port->adopt(by);
  CHECK(port->bound() == before);
}

TEMPLATE_TEST_CASE(
  "what a port does not have it neither opens nor parks", "", EVERY_PORT) {
  TestType make;
  auto port = make.publish(make.random(1));
  CHECK(port->open(first_port + 1));
  CHECK(open_ones(*port) == flags{false});
  REQUIRE(port->open(first_port));
  port->park(first_port + 1);
  CHECK(open_ones(*port) == flags{true});
}

TEMPLATE_TEST_CASE(
  "whoever has borrowed an open port hears of its client", "", EVERY_PORT) {
  TestType make;
  auto port = make.publish(make.random(1));
  std::vector<arrival> heard;
  auto loan = port->borrow([&](const arrival& who) { heard.push_back(who); });
  REQUIRE(port->open(first_port));
  make.come(*port);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].number != 0);
  CHECK(heard[0].what.way == direction::inbound);
}

TEMPLATE_TEST_CASE("nobody hears of a client after his loan", "", EVERY_PORT) {
  TestType make;
  auto port = make.publish(make.random(1));
  int heard = 0;
  auto loan = port->borrow([&](const arrival&) { ++heard; });
  REQUIRE(port->open(first_port));
  loan.reset();
  make.come(*port);
  CHECK(heard == 0);
}

TEMPLATE_TEST_CASE("the last borrower alone hears", "", EVERY_PORT) {
  TestType make;
  auto port = make.publish(make.random(1));
  REQUIRE(port->open(first_port));
  int first = 0;
  int last = 0;
  auto one = port->borrow([&](const arrival&) { ++first; });
  auto two = port->borrow([&](const arrival&) { ++last; });
  make.come(*port);
  CHECK(first == 0);
  CHECK(last == 1);
}

TEMPLATE_TEST_CASE(
  "an older loan that ends later ends nothing", "", EVERY_PORT) {
  TestType make;
  auto port = make.publish(make.random(1));
  REQUIRE(port->open(first_port));
  int heard = 0;
  auto old = port->borrow([](const arrival&) {});
  auto loan = port->borrow([&](const arrival&) { ++heard; });
  old.reset();
  make.come(*port);
  CHECK(heard == 1);
}

TEMPLATE_TEST_CASE("a loan may outlive its port", "", EVERY_PORT) {
  TestType make;
  auto port = make.publish(make.random(1));
  auto sink_alive = std::make_shared<int>(0);
  std::weak_ptr<int> watched = sink_alive;
  auto loan = port->borrow([sink_alive](const arrival&) {});
  sink_alive.reset();
  port.reset();
  CHECK(watched.expired());
  loan.reset();
}
