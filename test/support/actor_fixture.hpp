#pragma once

/// Actors on virtual time: nothing runs until `run`, and time stands still
/// until `pass`.

#include "messages/handles.hpp"
#include "test/support/fake_network.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <catch2/catch.hpp>

#include <chrono>

namespace pier::test {

using namespace std::chrono_literals;

struct virtual_time_config : caf::actor_system_config {
  virtual_time_config() {
    set("scheduler.policy", caf::atom("testing"));
  }
};

class actor_fixture {
public:
  actor_fixture()
    : system(config),
      scheduler(
        dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())),
      self(system) {}

  ~actor_fixture() {
    for (const auto& each : tops)
      caf::anon_send_exit(each, caf::exit_reason::kill);
    tops.clear();
    // Nobody may be left: the actor system would wait for them for ever.
    for (int i = 0; i < 100 && system.registry().running() > 1; ++i) {
      run();
      pass(1min);
    }
  }

  void run() {
    scheduler.run();
  }

  void pass(caf::timespan time) {
    scheduler.advance_time(time);
    scheduler.run();
  }

  /// Ends with the fixture.
  template <class Handle>
  Handle keep(Handle top) {
    tops.push_back(caf::actor_cast<caf::actor>(top));
    run();
    return top;
  }

  bool alive(const caf::actor& who) {
    auto dead = true;
    self->monitor(who);
    run();
    self->receive(
      [&](const caf::down_msg&) {}, caf::after(0s) >> [&] { dead = false; });
    if (!dead)
      self->demonitor(who);
    return !dead;
  }

  /// Asks and returns the answer, or the refusal as text.
  template <class T, class Handle, class... Ts>
  std::pair<std::optional<T>, caf::error> ask(const Handle& whom, Ts... words) {
    auto asked = self->request(whom, caf::infinite, words...);
    run();
    std::pair<std::optional<T>, caf::error> out;
    asked.receive(
      [&](T& answer) { out.first = std::move(answer); },
      [&](caf::error& why) { out.second = std::move(why); });
    return out;
  }

  virtual_time_config config;
  caf::actor_system system;
  caf::scheduler::test_coordinator& scheduler;
  caf::scoped_actor self;
  std::vector<caf::actor> tops;
  fake_network network;
  std::vector<event> news;
};

} // namespace pier::test
