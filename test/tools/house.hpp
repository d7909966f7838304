#pragma once

/// A control server with its supervisor and clients, on one event loop.

#include "test/support/temp_dir.hpp"
#include "tools/control/client.hpp"
#include "tools/control/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pier::control {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct house {
  test::temp_dir dir;
  asio::io_context io{1};
  std::unique_ptr<supervisor> behind;
  std::unique_ptr<server> door;
  std::vector<event> news;

  explicit house(bool takes_runs = true) {
    settings with;
    with.timeouts.stop = 200ms;
    behind = *supervisor::start(with, [this](const event& each) {
      asio::post(io, [this, each] {
        news.push_back(each);
        if (door)
          door->announce(each);
      });
    });
    auto made = server::listen(
      io, *behind, {path(), "pierd", takes_runs, ip_address{}});
    REQUIRE(made);
    door = std::move(*made);
  }
  ~house() {
    door.reset();
    behind.reset();
  }

  std::string path() const {
    return dir / "pierd.sock";
  }

  std::unique_ptr<client> knock() {
    auto made = client::connect(io, path());
    REQUIRE(made);
    return std::move(*made);
  }

  /// Runs the loop until it is so, at most ten seconds.
  template <class Condition>
  bool until(Condition holds) {
    asio::steady_timer deadline{io, 10s};
    auto late = false;
    deadline.async_wait([&](const auto& stopped) { late = late || !stopped; });
    io.restart();
    while (!holds() && !late)
      io.run_one();
    auto held = holds();
    deadline.cancel();
    io.poll();
    return held;
  }
};

struct closed_house : house {
  closed_house() : house(false) {}
};

inline request ask_for(verb what, const std::string& name = "") {
  request made;
  made.what = what;
  made.name = name;
  return made;
}

inline request run_of(
  const std::string& name, std::vector<std::string> command,
  bool hold = false) {
  auto made = ask_for(verb::run);
  made.spec.name = name;
  made.spec.command = std::move(command);
  made.hold = hold;
  return made;
}

inline const std::vector<std::string> forever{"sleep", "60"};

} // namespace pier::control
