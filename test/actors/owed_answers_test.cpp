#include "test/actors/household_fixture.hpp"

using namespace pier;
using namespace pier::test;
using fixture = household_fixture;

// CAF forgets the promises of an actor that dies: each of these was never
// answered.

namespace {

constexpr auto met_a_bug = "Pier met a bug of its own while it did that: try "
                           "again";

const std::string web = "web";

/// What a question without an answer yet was told in the end.
template <class T, class Asked>
std::string told(fixture& with, Asked& asked) {
  std::string why = "an answer";
  with.run();
  with.pass(6s);
  asked.receive(
    [](T&) {}, [&](caf::error& error) { why = fixture::text(error); });
  return why;
}

} // namespace

TEST_CASE_METHOD(
  fixture, "a stop is answered when the container's actor dies over it") {
  running(web);
  auto asked = self->request(root, 5s, atom::stop::value, web);
  run();
  crash("containers/web");
  CHECK(told<done_t>(*this, asked) == met_a_bug);
}

TEST_CASE_METHOD(
  fixture, "a run is answered when the container's actor dies over it") {
  auto asked = request_run(spec(web));
  crash("containers/web");
  CHECK(told<container_info>(*this, asked) == met_a_bug);
}

TEST_CASE_METHOD(
  fixture, "whoever waits is answered when the containers' actor dies") {
  running(web);
  auto asked = self->request(root, 5s, atom::wait::value, web);
  run();
  crash("containers");
  CHECK(told<container_info>(*this, asked) == met_a_bug);
}

TEST_CASE_METHOD(
  fixture, "a stop of all is answered when the containers' actor dies") {
  running(web);
  auto asked = self->request(root, 5s, atom::stop::value);
  run();
  crash("containers");
  CHECK(told<done_t>(*this, asked) == met_a_bug);
}

TEST_CASE_METHOD(fixture, "a container that is being restarted is not denied") {
  running(web);
  ask<done_t>(root, atom::fault::value, "containers/" + web);
  run();
  auto why = ask<done_t>(root, atom::stop::value, web).second;
  CHECK(text(why) == "container web is being restarted: try again");
  pass(1s);
  auto asked = self->request(root, 5s, atom::stop::value, web);
  run();
  network.premises(web)->exited(0);
  CHECK(told<done_t>(*this, asked) == "an answer");
}
