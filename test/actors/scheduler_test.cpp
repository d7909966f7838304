#include "actors/runtime/scheduler.hpp"

#include <caf/all.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>

#include <thread>

namespace {

using namespace std::chrono_literals;

/// A loop with an actor system on it; runs until told to stop, at most so long
/// as a test may take.
class fixture {
public:
  fixture() : config(loop), system(config), watchdog(loop, 10s) {
    watchdog.async_wait([this](const boost::system::error_code& why) {
      if (!why)
        loop.stop();
    });
  }

  ~fixture() {
    watchdog.cancel();
    loop.restart();
    while (system.registry().running() > 0)
      loop.run_one();
  }

  /// False: the watchdog bit.
  bool run_until(const bool& done) {
    while (!done && loop.run_one() > 0) {}
    return done;
  }

  boost::asio::io_context loop{1};
  pier::actors::loop_config config;
  caf::actor_system system;
  boost::asio::steady_timer watchdog;
};

using go = caf::atom_constant<caf::atom("go")>;

} // namespace

TEST_CASE_METHOD(fixture, "actors and handlers run on one thread, the loop's") {
  auto here = std::this_thread::get_id();
  auto done = false;
  std::thread::id there;
  system.spawn([&](caf::event_based_actor* self) -> caf::behavior {
    self->send(self, go::value);
    return {[&, self](go) {
      there = std::this_thread::get_id();
      done = true;
      self->quit();
    }};
  });
  CHECK(run_until(done));
  CHECK(there == here);
}

TEST_CASE_METHOD(fixture, "delayed messages come in order of their time") {
  std::vector<int> order;
  auto done = false;
  system.spawn([&](caf::event_based_actor* self) -> caf::behavior {
    self->delayed_send(self, 20ms, 3);
    self->delayed_send(self, 5ms, 1);
    self->delayed_send(self, 10ms, 2);
    return {[&, self](int number) {
      order.push_back(number);
      if (number == 3) {
        done = true;
        self->quit();
      }
    }};
  });
  CHECK(run_until(done));
  CHECK(order == std::vector<int>{1, 2, 3});
}

TEST_CASE_METHOD(fixture, "a request that nobody answers times out") {
  auto done = false;
  auto silent = system.spawn([](caf::event_based_actor* self) -> caf::behavior {
    return {[self](go) { return self->make_response_promise<int>(); }};
  });
  system.spawn([&](caf::event_based_actor* self) {
    self->request(silent, 10ms, go::value)
      .then(
        [](int) {},
        [&](const caf::error& why) {
          done = why == caf::sec::request_timeout;
        });
  });
  CHECK(run_until(done));
  caf::anon_send_exit(silent, caf::exit_reason::kill);
}

TEST_CASE_METHOD(fixture, "a message from a foreign thread wakes the loop") {
  auto done = false;
  auto listener = system.spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](go) {
      done = true;
      self->quit();
    }};
  });
  std::thread foreign{[&] { caf::anon_send(listener, go::value); }};
  CHECK(run_until(done));
  foreign.join();
}

TEST_CASE_METHOD(fixture, "a busy actor lets the sockets have their turn") {
  auto done = false;
  auto handler_ran = false;
  system.spawn([&](caf::event_based_actor* self) -> caf::behavior {
    self->send(self, go::value);
    return {[&, self](go) {
      if (handler_ran) {
        done = true;
        self->quit();
      } else {
        self->send(self, go::value);
      }
    }};
  });
  boost::asio::post(loop, [&] { handler_ran = true; });
  CHECK(run_until(done));
}
