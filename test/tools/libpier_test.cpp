/// libpier as its embedder has it: called from any thread, over a real kernel.
/// Under ThreadSanitizer this is the proof that its threads keep apart.

#include "actors/runtime/child_spec.hpp"
#include "test/support/built.hpp"
#include "test/support/deadline.hpp"
#include "test/support/show.hpp"
#include "test/tools/answers.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

using namespace pier;
using test::answer_of;

namespace {

constexpr size_t embedders = 4;

/// What happened, told from several threads.
class chronicle {
public:
  void add(const event& what) {
    std::lock_guard guard{mutex_};
    told_.insert({what.what, what.container});
  }
  bool knows(event::kind what, const std::string& container) {
    std::lock_guard guard{mutex_};
    return told_.count({what, container}) > 0;
  }

private:
  std::mutex mutex_;
  std::set<std::pair<event::kind, std::string>> told_;
};

std::unique_ptr<supervisor> start(supervisor::news subscriber = {}) {
  settings with;
  with.paths.keeper = test::built("pier-keeper").string();
  auto made = supervisor::start(std::move(with), std::move(subscriber));
  REQUIRE(made);
  return std::move(*made);
}

container_spec sleeper() {
  container_spec spec;
  spec.command = {"sleep", "infinity"};
  spec.publish.push_back(
    {protocol::tcp, ip_address::v4({127, 0, 0, 1}), {}, {80, 80}});
  return spec;
}

/// A container's whole life as one embedder leads it; the first refusal, or
/// nothing. Catch's assertions are for one thread only.
std::string lead_a_life(supervisor& net, std::string& name) {
  auto info = answer_of<container_info>(
    [&](auto done) { net.run(sleeper(), {}, done); });
  if (!info)
    return "run: " + info.error().text;
  name = info->name;
  if (info->ports.size() != 1)
    return "one port was asked for";
  port_spec more{protocol::udp, ip_address::v4({127, 0, 0, 1}), {}, {53, 53}};
  auto bound = answer_of<std::vector<bound_port>>(
    [&](auto done) { net.publish(name, more, done); });
  if (!bound)
    return "publish: " + bound.error().text;
  auto seen = answer_of<container_info>(
    [&](auto done) { net.inspect(name, done); });
  if (!seen || seen->state != container_state::running)
    return "inspect: it does not run";
  auto gone = answer_of<void>(
    [&](auto done) { net.unpublish(name, more, done); });
  if (!gone)
    return "unpublish: " + gone.error().text;
  auto told = answer_of<void>(
    [&](auto done) { net.signal(name, SIGCONT, done); });
  if (!told)
    return "signal: " + told.error().text;
  auto stopped = answer_of<void>([&](auto done) { net.stop(name, done); });
  if (!stopped)
    return "stop: " + stopped.error().text;
  auto end = answer_of<container_info>(
    [&](auto done) { net.wait(name, done); });
  return end && end->state == container_state::exited ? "" : "wait: it runs";
}

} // namespace

TEST_CASE("a supervisor may be called from any thread") {
  chronicle all;
  auto net = start([&all](const event& what) { all.add(what); });
  std::array<std::string, embedders> names;
  std::array<std::string, embedders> troubles;
  std::atomic<size_t> living{embedders};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < embedders; ++i)
    threads.emplace_back([&, i] {
      troubles[i] = lead_a_life(*net, names[i]);
      --living;
    });
  while (living > 0) {
    CHECK(answer_of<std::vector<container_info>>(
      [&](auto done) { net->list(done); }));
    CHECK(answer_of<health>([&](auto done) { net->tree(done); }));
  }
  for (auto& each : threads)
    each.join();
  for (size_t i = 0; i < embedders; ++i) {
    CHECK(troubles[i] == "");
    CHECK(all.knows(event::kind::started, names[i]));
    CHECK(all.knows(event::kind::removed, names[i]));
  }
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == embedders);
}

TEST_CASE("a call is answered once, also by a supervisor that ends") {
  std::atomic<int> answers{0};
  auto count = [&answers](const auto&) { ++answers; };
  auto net = start();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < embedders; ++i)
    threads.emplace_back([&] {
      net->run(sleeper(), {}, count);
      net->wait("nobody", count);
      net->tree(count);
    });
  for (auto& each : threads)
    each.join();
  net.reset();
  CHECK(answers == 3 * embedders);
}

TEST_CASE("nothing starts any more once a supervisor ends") {
  std::atomic<int> refusals{0};
  auto net = start();
  auto begun = answer_of<container_info>(
    [&](auto done) { net->run(sleeper(), {}, done); });
  REQUIRE(begun);
  // The container's end is told by the end of its supervisor, whose callers do
  // not know yet that they are late; neither are those who hear so.
  std::function<void()> again = [&, &its = *net] {
    its.run(sleeper(), {}, [&](const result<container_info>& how) {
      if (!how && how.error().code == ec::stopped && ++refusals < 100)
        again();
    });
  };
  net->wait(begun->name, [&again](const auto&) { again(); });
  net.reset();
  CHECK(refusals == 100);
}

TEST_CASE("whoever waits hears the end across the containers' death") {
  auto net = start();
  auto begun = answer_of<container_info>(
    [&](auto done) { net->run(sleeper(), {}, done); });
  REQUIRE(begun);
  std::promise<result<container_info>> last;
  auto coming = last.get_future();
  net->wait(begun->name, [&last](auto how) { last.set_value(std::move(how)); });
  CHECK(answer_of<void>([&](auto done) { net->fault("containers", done); }));
  result<void> stopped = error{ec::interrupted, {}};
  while (!stopped && stopped.error().code == ec::interrupted)
    stopped = answer_of<void>([&](auto done) { net->stop(begun->name, done); });
  CHECK(stopped);
  REQUIRE(coming.wait_for(test::patience) == std::future_status::ready);
  auto how = coming.get();
  REQUIRE(how);
  CHECK(how->state == container_state::exited);
}

TEST_CASE("a root that dies is planted again, unless it keeps dying") {
  std::atomic<size_t> deaths{0};
  auto net = start([&deaths](const event& what) {
    deaths += what.what == event::kind::fault && what.text.starts_with("root");
  });
  auto begun = answer_of<container_info>(
    [&](auto done) { net->run(sleeper(), {}, done); });
  REQUIRE(begun);
  // Until something other than "try again" is said.
  auto seen = [&] {
    for (trials::stopwatch waited;;) {
      auto info = answer_of<container_info>(
        [&](auto done) { net->inspect(begun->name, done); });
      auto again = !info && info.error().code == ec::interrupted;
      if (!again || waited.elapsed() > test::patience)
        return info;
    }
  };
  auto allowed = actors::restart_budget{}.deaths;
  for (size_t i = 1; i <= allowed; ++i) {
    CHECK(answer_of<void>([&](auto done) { net->fault("root", done); }));
    auto info = seen();
    REQUIRE(info);
    CHECK(info->pid == begun->pid);
    CHECK(deaths == i);
  }
  CHECK(answer_of<void>([&](auto done) { net->fault("root", done); }));
  CHECK(seen().error().code == ec::stopped);
  // What it was about is given back all the same.
  net.reset();
  CHECK(::kill(begun->pid, 0) != 0);
}
