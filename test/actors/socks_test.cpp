#include "test/actors/household_fixture.hpp"

#include <string>
#include <vector>

namespace {

using namespace pier;
using namespace pier::test;

const endpoint here{ip_address::loopback(family::v4), 1080};
const endpoint there{ip_address::loopback(family::v4), 1081};
const endpoint client{ip_address::loopback(family::v4), 4711};
const auto far = *ip_address::parse("203.0.113.9");
const error in_use{ec::address_in_use, "bind: address already in use"};

class fixture : public household_fixture {
public:
  std::pair<std::optional<adoption>, caf::error> adopt(const settings& next) {
    return ask<adoption>(
      root, atom::adopt::value, std::make_shared<const settings>(next));
  }

  void switch_on() {
    with.socks.listen = here;
    REQUIRE(adopt(with).first);
  }

  /// A client that asks for that; its ticket.
  ticket
  call(const endpoint& to, const std::string& name = {}, uint16_t port = 1080) {
    flow what{direction::inbound, protocol::tcp, to, client};
    auto number = network.arrive(what);
    network.desk.places.at({here.ip, port})->borrower({number, what, name});
    run();
    return number;
  }

  std::vector<endpoint> dials(ticket number) {
    auto found = network.circuits.find(number);
    return found == network.circuits.end() ? std::vector<endpoint>{}
                                           : found->second->dials;
  }

  bool is_open(const endpoint& at) {
    auto found = network.desk.places.find(at);
    return found != network.desk.places.end()
      && found->second->is_open.count(at.port) == 1 && found->second->borrower;
  }

  std::string last_word() {
    for (auto each = news.rbegin(); each != news.rend(); ++each)
      if (each->what == event::kind::socks)
        return each->text;
    return {};
  }

  std::vector<flow_info> flows(const std::string& of = {}) {
    return *ask<std::vector<flow_info>>(root, atom::flows::value, of).first;
  }

  settings with;
};

} // namespace

TEST_CASE_METHOD(fixture, "socks is off until somebody says where") {
  CHECK(network.desk.places.empty());
  switch_on();
  CHECK(is_open(here));
  CHECK(last_word() == "takes clients in at 127.0.0.1:1080");
  with.socks.listen.reset();
  adopt(with);
  CHECK(network.desk.places.empty());
  CHECK(last_word() == "is off");
}

TEST_CASE_METHOD(fixture, "a container's address is dialled by its sessions") {
  switch_on();
  auto web = running("web");
  auto number = call({web->address().v4, 7777});
  CHECK(dials(number) == std::vector{endpoint{web->address().v4, 7777}});
  CHECK(network.led.count(number) == 0);
  auto all = flows("web");
  REQUIRE(all.size() == 1);
  CHECK(all[0].path.starts_with("containers/web/sessions/tcp-"));
  CHECK(all[0].what.peer == client);
}

TEST_CASE_METHOD(
  fixture, "a name is what it is to the guests, whatever its case") {
  switch_on();
  auto web = running("web");
  std::vector<endpoint> both{{web->address().v4, 80}, {web->address().v6, 80}};
  for (auto name :
       {"web", "WEB", "web.", "web.iechor.internal", "web.docker.internal",
        "Web.Container.Internal"}) {
    auto number = call({{}, 80}, name);
    REQUIRE(dials(number).size() == 1);
    CHECK(dials(number).front() == both.front());
    network.circuits.at(number)->tell(
      circuit_event::kind::refused, ec::refused);
    run();
    CHECK(dials(number) == both);
  }
}

TEST_CASE_METHOD(fixture, "whom nobody knows is not there") {
  switch_on();
  running("web");
  CHECK(network.declined.at(call({{}, 80}, "wbe")) == ec::host_unreachable);
  CHECK(
    network.declined.at(call({{}, 80}, "wbe.iechor.internal"))
    == ec::host_unreachable);
  auto unleased = *ip_address::parse("192.168.65.77");
  CHECK(network.declined.at(call({unleased, 80})) == ec::host_unreachable);
  auto host = *ip_address::parse("192.168.65.254");
  CHECK(network.declined.at(call({host, 80})) == ec::host_unreachable);
}

TEST_CASE_METHOD(fixture, "whoever is outside is forbidden, unless allowed") {
  switch_on();
  CHECK(network.declined.at(call({far, 80})) == ec::forbidden);
  CHECK(
    last_word()
    == "refused 127.0.0.1 -> 203.0.113.9:80: it is outside the guest network, "
       "where socks.outside lets nobody go");
  CHECK(network.declined.at(call({{}, 80}, "example.com")) == ec::forbidden);
  with.socks.outside = socks_outside::allow;
  adopt(with);
  auto number = call({far, 80});
  CHECK(dials(number) == std::vector{endpoint{far, 80}});
  CHECK_FALSE(network.led.at(number).to_guest);
}

TEST_CASE_METHOD(fixture, "a name of the world is asked for where it may be") {
  with.socks.outside = socks_outside::allow;
  switch_on();
  network.probes.names[{"example.com", 1}].addresses = {far};
  CHECK(dials(call({{}, 80}, "example.com")) == std::vector{endpoint{far, 80}});
  CHECK(
    network.declined.at(call({{}, 80}, "nowhere.example"))
    == ec::host_unreachable);
}

TEST_CASE_METHOD(
  fixture, "the host's loopback is nobody's outside, in whatever disguise") {
  with.socks.outside = socks_outside::allow;
  switch_on();
  network.probes.names[{"evil.example", 1}].addresses = {
    ip_address::loopback(family::v4)};
  for (auto text : {"127.0.0.1", "::1", "0.0.0.0", "::ffff:127.0.0.1"})
    CHECK(
      network.declined.at(call({*ip_address::parse(text), 80}))
      == ec::forbidden);
  CHECK(network.declined.at(call({{}, 80}, "evil.example")) == ec::forbidden);
  CHECK(network.declined.at(call({{}, 80}, "localhost")) == ec::forbidden);
}

TEST_CASE_METHOD(fixture, "what leads to a container ends with it") {
  switch_on();
  auto web = running("web");
  auto number = call({web->address().v4, 80});
  auto asked = self->request(
    root, caf::infinite, atom::stop::value, std::string{"web"});
  run();
  web->exited(0);
  run();
  CHECK_FALSE(network.circuits.at(number)->alive);
  asked.receive([](done_t) {}, [](const caf::error&) {});
}

TEST_CASE_METHOD(fixture, "a taken place refuses new settings as a whole") {
  switch_on();
  network.desk.taken[there] = in_use;
  with.socks.listen = there;
  with.timeouts.stop = 1s;
  auto [told, refused] = adopt(with);
  CHECK_FALSE(told);
  CHECK(
    text(refused)
    == "socks.listen: bind: address already in use: let it be another port, or "
       "\"off\"");
  CHECK(is_open(here));
  CHECK(kept->timeouts.stop != 1s);
}

TEST_CASE_METHOD(fixture, "it moves when the new place is taken") {
  switch_on();
  auto web = running("web");
  auto number = call({web->address().v4, 80});
  with.socks.listen = there;
  CHECK(adopt(with).first);
  CHECK_FALSE(is_open(here));
  CHECK(network.desk.places.count(here) == 0);
  CHECK(is_open(there));
  CHECK(network.circuits.at(number)->alive);
  CHECK(dials(call({web->address().v4, 80}, {}, 1081)).size() == 1);
}

TEST_CASE_METHOD(fixture, "to weigh takes no place") {
  with.socks.listen = here;
  CHECK(ask<adoption>(
          root, atom::weigh::value, std::make_shared<const settings>(with))
          .first);
  CHECK(network.desk.places.empty());
}

TEST_CASE_METHOD(fixture, "users who cannot be read are refused with the key") {
  network.desk.users = error{ec::bad_request, "the users in /x: no"};
  with.socks.listen = here;
  with.socks.users = "/x";
  CHECK(text(adopt(with).second) == "socks.users: the users in /x: no");
  network.desk.users = {};
  CHECK(adopt(with).first);
  CHECK(network.desk.terms.users == "/x");
}

TEST_CASE_METHOD(fixture, "that nobody can be let in is told, not kept") {
  with.socks.users = "/x";
  switch_on();
  network.desk.users = error{ec::bad_request, "the users in /x: no"};
  crash("socks");
  CHECK(last_word() == "lets nobody in: the users in /x: no");
  CHECK(is_open(here));
}

TEST_CASE_METHOD(fixture, "it is reborn with its socket, and nobody is lost") {
  switch_on();
  auto web = running("web");
  auto place = network.desk.places.at(here);
  crash("socks");
  CHECK(network.desk.places.at(here) == place);
  CHECK(is_open(here));
  CHECK(dials(call({web->address().v4, 80})).size() == 1);
}

TEST_CASE_METHOD(fixture, "a gateway that is reborn is known again") {
  switch_on();
  auto web = running("web");
  crash("gateway");
  crash("dns");
  CHECK(dials(call({web->address().v4, 80})).size() == 1);
  CHECK(dials(call({{}, 80}, "web")).size() == 1);
}

TEST_CASE_METHOD(fixture, "a place that is taken at first is tried again") {
  switch_on();
  network.desk.taken[here] = in_use;
  network.desk.places.clear();
  crash("socks");
  CHECK(floor("socks").state == "bind: address already in use");
  network.desk.taken.clear();
  pass(10s);
  CHECK(is_open(here));
  CHECK(floor("socks").state == "up");
}

TEST_CASE_METHOD(fixture, "paused by hand it refuses, and no death ends that") {
  switch_on();
  act what;
  what.what = act::kind::pause;
  what.path = "socks";
  CHECK(ask<uint64_t>(root, atom::obey::value, what, what.path).first);
  CHECK_FALSE(is_open(here));
  crash("socks");
  CHECK_FALSE(is_open(here));
  CHECK(floor("socks").state == "paused");
  what.what = act::kind::resume;
  CHECK(ask<uint64_t>(root, atom::obey::value, what, what.path).first);
  CHECK(is_open(here));
}
