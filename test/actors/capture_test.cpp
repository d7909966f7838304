#include "test/actors/household_fixture.hpp"

using namespace pier;
using namespace pier::test;

namespace {

class fixture : public household_fixture {
public:
  /// Asks for a capture; `answered` later.
  auto wish(const std::string& what) {
    auto asked = self->request(
      root, caf::infinite, atom::capture::value, what,
      std::string{"user 0, process 7"});
    run();
    return asked;
  }

  void tell(const std::shared_ptr<tap_record>& whom, tap_event what) {
    whom->sink(what);
    run();
  }

  static tap_event opened() {
    return {tap_event::kind::opened, 4711, "veth1", {}};
  }

  /// Of a container that runs, and a capture that is open.
  capture_grant begun(const std::string& what) {
    auto where = network.premises("web");
    auto asked = wish(what);
    REQUIRE_FALSE(where->taps.empty());
    tell(where->taps.back(), opened());
    capture_grant out;
    asked.receive(
      [&](capture_grant& leave) { out = leave; },
      [](caf::error& why) { FAIL(text(why)); });
    return out;
  }

  std::string refusal(const std::string& what) {
    std::string out;
    wish(what).receive(
      [](capture_grant&) { FAIL("it was granted"); },
      [&](caf::error& why) { out = text(why); });
    return out;
  }

  std::vector<std::string> told(event::kind what) {
    std::vector<std::string> out;
    for (const auto& each : news)
      if (each.what == what)
        out.push_back(each.path + ": " + each.text);
    return out;
  }

  health container() {
    return floor("containers").children.front();
  }

  bool has_capture() {
    for (const auto& each : container().children)
      if (each.kind == "capture")
        return true;
    return false;
  }
};

} // namespace

TEST_CASE_METHOD(
  fixture, "a capture is granted when its socket is there, and is an event") {
  running("web");
  auto leave = begun("web");
  CHECK(leave.container == "web");
  CHECK(leave.link == "veth1");
  CHECK(leave.number == 4711);
  CHECK(leave.filter.empty());
  CHECK(
    told(event::kind::capture_begun)
    == std::vector<std::string>{
      "containers/web/capture-1: user 0, process 7 sees all packets of "
      "container web"});
  CHECK(has_capture());
}

TEST_CASE_METHOD(fixture, "a capture is over when its reader has gone") {
  auto where = running("web");
  begun("web");
  tell(where->taps[0], {tap_event::kind::ended, 0, {}, {}});
  CHECK(where->taps[0]->over);
  CHECK_FALSE(has_capture());
  CHECK(
    told(event::kind::capture_ended)
    == std::vector<std::string>{
      "containers/web/capture-1: user 0, process 7 sees no more"});
  CHECK(told(event::kind::fault).empty());
}

TEST_CASE_METHOD(fixture, "a capture is over before its container is gone") {
  auto where = running("web");
  begun("web");
  auto tap = where->taps[0];
  where->exited(0);
  run();
  CHECK(tap->over);
  CHECK(tap->last_words == "container web has ended");
  CHECK(network.occupied().empty());
}

TEST_CASE_METHOD(fixture, "a capture that is killed sees no more") {
  auto where = running("web");
  begun("web");
  act kill{act::kind::kill, "containers/web/capture-1", "by hand", {}};
  CHECK(ask<uint64_t>(root, atom::obey::value, kill, kill.path).first);
  run();
  CHECK(where->taps[0]->over);
  CHECK_FALSE(has_capture());
}

TEST_CASE_METHOD(
  fixture, "a bug in a capture, in a port and in sessions stays there") {
  auto where = running("web");
  begun("web");
  port_spec later;
  later.host = later.container = {81, 81};
  CHECK(ask<std::vector<bound_port>>(
          root, atom::publish::value, std::string{"web"}, later)
          .first);
  crash("containers/web/capture-1");
  CHECK(where->taps[0]->over);
  for (const auto& each : container().children)
    CHECK(each.restarts == 0);
  begun("web");
  crash("containers/web/sessions");
  crash("containers/web/port 80:80");
  CHECK(has_capture());
  CHECK_FALSE(where->taps[1]->over);
}

TEST_CASE_METHOD(
  fixture, "of a port what goes between gateway and container is let in") {
  auto where = running("web");
  auto leave = begun("30080");
  auto at = to_string(where->address().v4);
  CHECK(leave.container == "web");
  CHECK(leave.filter.starts_with("tcp and ((src host " + at));
  CHECK(leave.filter.find("dst port 80 and") != std::string::npos);
  CHECK(leave.text.find("port 80 of container web") != std::string::npos);
}

TEST_CASE_METHOD(
  fixture, "the capture of a port ends when the addresses change") {
  auto where = running("web");
  begun("30080");
  begun("web");
  auto next = std::make_shared<settings>();
  next->network.subnet = *ip_subnet::parse("10.77.0.0/24");
  CHECK(ask<adoption>(root, atom::adopt::value, settings_ptr{next}).first);
  run();
  CHECK(where->taps[0]->over);
  CHECK(where->taps[0]->last_words.find("another one") != std::string::npos);
  CHECK_FALSE(where->taps[1]->over);
}

TEST_CASE_METHOD(fixture, "what cannot be captured is refused in words") {
  auto where = running("web");
  CHECK(refusal("nobody").find("No such container: nobody") == 0);
  CHECK(refusal("9").find("no container publishes 9/tcp") == 0);
  auto asked = wish("web");
  tell(
    where->taps[0],
    {tap_event::kind::refused, 0, {}, {ec::gateway_lost, "no keeper"}});
  asked.receive(
    [](capture_grant&) { FAIL("it was granted"); },
    [](caf::error& why) { CHECK(text(why) == "no keeper"); });
  CHECK_FALSE(has_capture());
  CHECK(told(event::kind::capture_ended).empty());
}

TEST_CASE_METHOD(fixture, "few may look at one container at once") {
  running("web");
  for (int i = 0; i < 8; ++i)
    begun("web");
  CHECK(refusal("web").find("8 captures of container web") == 0);
}

TEST_CASE_METHOD(fixture, "a container without a link is refused in words") {
  auto what = spec("lone");
  what.network = network_mode::none;
  what.publish.clear();
  auto asked = request_run(what);
  network.premises("lone")->started();
  run();
  asked.receive([](container_info&) {}, [](caf::error&) {});
  CHECK(refusal("lone").find("has no link") != std::string::npos);
}
