#include "test/actors/forwards_fixture.hpp"

using namespace pier;
using namespace pier::test;

namespace {

using fixture = forwards_fixture;

} // namespace

TEST_CASE_METHOD(
  fixture, "a forward that cannot listen says so and tries again") {
  adopt({{at(8080), to(far)}});
  network.forwards.clear();
  network.taken[at(8080)] = in_use;
  crash("forwards/tcp://127.0.0.1:8080");
  CHECK(list()[0].refusal == in_use.text);
  CHECK_FALSE(list()[0].open);
  CHECK(std::any_of(news.begin(), news.end(), [](const event& each) {
    return each.what == event::kind::forward_refused;
  }));
  network.taken.clear();
  pass(10s);
  CHECK(is_open(8080));
  CHECK(list()[0].refusal.empty());
}

TEST_CASE_METHOD(fixture, "a place that does not open is given back") {
  adopt({{at(8080), to(far)}});
  auto before = network.forwards.at(at(8080));
  before->refusal = in_use;
  crash("forwards/tcp://127.0.0.1:8080");
  pass(10s);
  CHECK(is_open(8080));
  CHECK(network.forwards.at(at(8080)) != before);
}

TEST_CASE_METHOD(fixture, "whoever dies is reborn where it stood") {
  auto path = GENERATE(
    "forwards", "forwards/tcp://127.0.0.1:8080",
    "forwards/tcp://127.0.0.1:8080/sessions");
  adopt({{at(8080), to(far)}, {at(8081), to(far)}});
  auto socket = network.forwards.at(at(8080));
  auto neighbour = circuit(8081);
  crash(path);
  CHECK(network.forwards.at(at(8080)) == socket);
  CHECK(is_open(8080));
  CHECK(circuit(8080)->dials == std::vector{far});
  CHECK(neighbour->alive == (std::string{path} != "forwards"));
}

TEST_CASE_METHOD(
  fixture, "a client that comes while the sessions are dead waits for them") {
  adopt({{at(8080), to(far)}});
  ask<done_t>(
    root, atom::fault::value,
    std::string{"forwards/tcp://127.0.0.1:8080/sessions"});
  auto number = come(8080);
  CHECK(network.circuits.count(number) == 0);
  pass(1s);
  CHECK(network.circuits.count(number) == 1);
}

TEST_CASE_METHOD(
  fixture, "what was taken away while all were dead is not listened at") {
  adopt({{at(8080), to(far)}, {at(8081), to(far)}});
  ask<done_t>(root, atom::fault::value, std::string{"forwards"});
  CHECK(adopt({{at(8081), to(other)}}).first);
  pass(1s);
  CHECK(network.reserved() == std::vector{at(8081)});
  CHECK(circuit(8081)->dials == std::vector{other});
}

TEST_CASE_METHOD(fixture, "a forward that keeps dying is given up alone") {
  adopt({{at(8080), to(far)}, {at(8081), to(far)}});
  auto neighbour = circuit(8081);
  for (int i = 0; i < 6; ++i)
    crash("forwards/tcp://127.0.0.1:8080");
  CHECK(neighbour->alive);
  CHECK(network.reserved() == std::vector{at(8081)});
  CHECK(list().size() == 2);
  // New settings are a new beginning.
  adopt({{at(8080), to(other)}, {at(8081), to(far)}});
  CHECK(circuit(8080)->dials == std::vector{other});
}
