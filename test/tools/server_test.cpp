#include "test/support/show.hpp"
#include "test/tools/house.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <optional>

using namespace pier;
using namespace pier::control;

TEST_CASE_METHOD(house, "a container is run, seen, waited for and stopped") {
  auto one = knock();
  auto info = call_for<container_info>(*one, run_of("web", forever));
  REQUIRE(info);
  CHECK(info->name == "web");
  CHECK(info->state == container_state::running);

  auto all = call_for<std::vector<container_info>>(*one, ask_for(verb::list));
  REQUIRE(all);
  CHECK(all->size() == 1);
  CHECK(call_for<container_info>(*one, ask_for(verb::inspect, "web")));
  CHECK(call_for<health>(*one, ask_for(verb::tree)));

  // The wait is answered by the stop, over the same connection.
  std::optional<int> status;
  one->ask(ask_for(verb::wait, "web"), [&](const auto& said) {
    container_info last;
    REQUIRE(said);
    REQUIRE(read(*said, last));
    status = last.exit_status;
  });
  CHECK(one->call(ask_for(verb::stop, "web")));
  CHECK(until([&] { return status.has_value(); }));
  CHECK(status == 128 + SIGTERM);
}

TEST_CASE_METHOD(house, "the supervisor's refusals arrive word for word") {
  auto one = knock();
  REQUIRE(one->call(run_of("web", forever)));
  auto twice = one->call(run_of("web", forever));
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == ec::name_in_use);
  CHECK(twice.error().text == "the container name \"web\" is already in use");
  auto nobody = one->call(ask_for(verb::stop, "nobody"));
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == ec::no_such_container);
  auto missing = one->call(run_of("x", {"no-such-command-here"}));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ec::command_not_found);
}

TEST_CASE_METHOD(house, "ports are published and taken back") {
  auto one = knock();
  REQUIRE(one->call(run_of("web", forever)));
  auto what = ask_for(verb::publish, "web");
  what.port = {protocol::tcp, {}, {8000, 8001}, {80, 81}};
  auto ports = call_for<std::vector<bound_port>>(*one, what);
  REQUIRE(ports);
  REQUIRE(ports->size() == 2);
  CHECK(ports->at(1).host.port == 8001);
  what.what = verb::unpublish;
  CHECK(one->call(what));
  what.port.container = {99, 99};
  auto refused = one->call(what);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::no_such_port);
}

TEST_CASE_METHOD(house, "a command writes to the descriptors that came") {
  auto one = knock();
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  auto what = run_of("echo", {"echo", "hello"});
  what.stdio = true;
  std::optional<result<json::value>> said;
  one->ask(
    what, [&](const auto& answer) { said = answer; },
    {ends[1], ends[1], ends[1]});
  REQUIRE(until([&] { return said.has_value(); }));
  REQUIRE(*said);
  ::close(ends[1]);
  char text[6] = "";
  // Ends when the last copy of the writing end is closed: ours are.
  std::string got;
  for (ssize_t count = 0; (count = ::read(ends[0], text, 5)) > 0;)
    got.append(text, static_cast<size_t>(count));
  ::close(ends[0]);
  CHECK(got == "hello\n");
}

TEST_CASE_METHOD(house, "a held container ends with its client, others stay") {
  auto other = knock();
  {
    auto one = knock();
    REQUIRE(one->call(run_of("held", forever, true)));
    REQUIRE(one->call(run_of("free", forever, false)));
  }
  auto last = call_for<container_info>(*other, ask_for(verb::wait, "held"));
  REQUIRE(last);
  CHECK(last->state == container_state::exited);
  auto stays = call_for<container_info>(*other, ask_for(verb::inspect, "free"));
  REQUIRE(stays);
  CHECK(stays->state == container_state::running);
}

TEST_CASE_METHOD(
  house, "a client that vanishes in the middle of its run leaves nothing") {
  {
    auto one = knock();
    one->ask(run_of("held", forever, true), [](const auto&) {});
    // Its words are on the way; it does not stay for the answer.
  }
  auto exited = [&] {
    for (const auto& each : news)
      if (each.what == event::kind::exited && each.container == "held")
        return true;
    return false;
  };
  CHECK(until(exited));
}

TEST_CASE_METHOD(house, "a name is not stopped for one who had it before") {
  auto other = knock();
  auto one = knock();
  REQUIRE(one->call(run_of("web", {"true"}, true)));
  REQUIRE(other->call(ask_for(verb::wait, "web")));
  auto removed = [&] {
    return std::any_of(news.begin(), news.end(), [](const event& each) {
      return each.what == event::kind::removed;
    });
  };
  REQUIRE(until(removed));
  REQUIRE(other->call(run_of("web", forever)));
  one.reset();
  REQUIRE(until([&] { return door->clients() == 1; }));
  auto info = call_for<container_info>(*other, ask_for(verb::inspect, "web"));
  REQUIRE(info);
  CHECK(info->state == container_state::running);
}

TEST_CASE_METHOD(house, "a client that comes late is told what was kept") {
  auto one = knock();
  door->announce({event::kind::warning, "web", "first", "containers/web"});
  door->announce({event::kind::warning, "db", "other", "containers/db"});
  door->announce({event::kind::fault, "", "below", "containers/web/sessions"});
  std::vector<event> heard;
  one->on_event = [&](const event& each) { heard.push_back(each); };
  auto wish = ask_for(verb::events);
  wish.news.kept = true;
  wish.news.path = "containers/web";
  wish.news.follow = GENERATE(false, true);
  REQUIRE(one->call(wish));
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].text == "first");
  CHECK(heard[0].at > 0);
  CHECK(heard[1].text == "below");
  door->announce({event::kind::warning, "web", "later", "containers/web"});
  REQUIRE(one->call(ask_for(verb::version)));
  CHECK(heard.size() == (wish.news.follow ? 3 : 2));
}

TEST_CASE_METHOD(house, "a follower that stops reading loses, and hears it") {
  constexpr size_t count = 60'000;
  auto raw = asio::local::stream_protocol::socket{io};
  raw.connect(path());
  asio::write(
    raw,
    asio::buffer(std::string{R"({"id":1,"do":"events"})"
                             "\n"}));
  asio::streambuf in;
  REQUIRE(until([&] { return door->clients() == 1; }));
  std::string line;
  auto next = [&] {
    raw.non_blocking(false);
    asio::read_until(raw, in, '\n');
    std::getline(std::istream{&in}, line);
    return *decode_message(line);
  };
  // It has been heard when it is answered.
  REQUIRE(until([&] { return raw.available() > 0; }));
  REQUIRE(next().answer);
  for (size_t i = 0; i < count; ++i)
    door->announce({event::kind::warning, "web", std::to_string(i)});
  door->announce({event::kind::warning, "web", "last"});
  size_t heard = 0, missed = 0;
  for (auto last = false; !last;) {
    REQUIRE(until([&] { return raw.available() > 0 || in.size() > 0; }));
    auto said = next();
    REQUIRE(said.news);
    if (said.news->what == event::kind::missed)
      missed += std::stoul(said.news->text);
    else
      ++heard;
    last = said.news->text == "last";
  }
  CHECK(missed > 0);
  // That the gateway is up may have been told before, or meanwhile.
  CHECK(heard + missed >= count + 1);
  CHECK(heard + missed <= count + 2);
}

TEST_CASE_METHOD(house, "events reach those who asked for them") {
  auto listener = knock();
  auto worker = knock();
  std::vector<event> heard;
  listener->on_event = [&](const event& each) { heard.push_back(each); };
  worker->on_event = [](const event&) { FAIL("it did not ask"); };
  REQUIRE(listener->call(ask_for(verb::events)));
  REQUIRE(worker->call(run_of("web", {"true"})));
  auto removed = [&] {
    return !heard.empty() && heard.back().what == event::kind::removed;
  };
  CHECK(until(removed));
}

TEST_CASE_METHOD(
  closed_house, "the supervisor of one command starts no other") {
  door->promise("web");
  auto one = knock();
  auto refused = one->call(run_of("x", forever));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::not_supported);
  auto facts = one->call(ask_for(verb::version));
  REQUIRE(facts);
  CHECK(facts->at("starting").as_array().at(0) == "web");
}

TEST_CASE_METHOD(house, "a client may ask for the end") {
  auto asked = false;
  door->on_shutdown = [&] { asked = true; };
  auto one = knock();
  CHECK(one->call(ask_for(verb::shutdown)));
  CHECK(until([&] { return asked; }));
}

TEST_CASE_METHOD(house, "draining answers what was asked before") {
  auto one = knock();
  REQUIRE(one->call(run_of("web", forever)));
  std::optional<result<json::value>> said;
  one->ask(
    ask_for(verb::wait, "web"), [&](const auto& answer) { said = answer; });
  REQUIRE(until([&] { return door->unanswered() == 1; }));
  auto drained = false;
  door->drain([&] { drained = true; });
  CHECK_FALSE(client::connect(io, path()));
  behind->stop("web", [](result<void>) {});
  REQUIRE(until([&] { return drained; }));
  REQUIRE(until([&] { return said.has_value(); }));
  CHECK(*said);
}

TEST_CASE_METHOD(house, "a server that goes is heard of") {
  auto one = knock();
  REQUIRE(one->call(ask_for(verb::list)));
  auto gone = false;
  one->on_hang_up = [&] { gone = true; };
  std::optional<result<json::value>> said;
  REQUIRE(one->call(run_of("web", forever)));
  one->ask(
    ask_for(verb::wait, "web"), [&](const auto& answer) { said = answer; });
  REQUIRE(until([&] { return door->unanswered() == 1; }));
  door.reset();
  REQUIRE(until([&] { return gone; }));
  REQUIRE(said);
  CHECK(said->error().code == ec::stopped);
  auto after = one->call(ask_for(verb::list));
  REQUIRE_FALSE(after);
  CHECK(after.error().code == ec::stopped);
}
