#include "test/tools/show.hpp"
#include "test/tools/temp_dir.hpp"
#include "tools/control/client.hpp"
#include "tools/control/server.hpp"

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

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// A server with its supervisor, and clients, on one event loop.
struct house {
  test::temp_dir dir;
  asio::io_context io{1};
  std::unique_ptr<supervisor> behind;
  std::unique_ptr<server> door;
  std::vector<event> news;

  explicit house(bool takes_runs = true) {
    settings with;
    with.stop_grace = 200ms;
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

request ask_for(verb what, const std::string& name = "") {
  request made;
  made.what = what;
  made.name = name;
  return made;
}

request run_of(
  const std::string& name, std::vector<std::string> command,
  bool hold = false) {
  auto made = ask_for(verb::run);
  made.spec.name = name;
  made.spec.command = std::move(command);
  made.hold = hold;
  return made;
}

const std::vector<std::string> forever{"sleep", "60"};

} // namespace

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

TEST_CASE_METHOD(house, "descriptors that were promised must come") {
  auto one = knock();
  auto what = run_of("a", {"true"});
  what.stdio = true;
  auto refused = one->call(what);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::bad_request);
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

TEST_CASE_METHOD(house, "rubbish is answered, and hurts nobody else") {
  auto other = knock();
  asio::local::stream_protocol::socket raw{io};
  raw.connect(path());
  asio::write(
    raw, asio::buffer(std::string{"{\"id\":5,\"do\":\"fly\"}\nnonsense\n"}));
  asio::streambuf got;
  auto lines = 0;
  std::function<void()> next = [&] {
    asio::async_read_until(raw, got, '\n', [&](const auto& why, size_t size) {
      if (why)
        return;
      std::string line(size, ' ');
      got.sgetn(line.data(), static_cast<std::streamsize>(size));
      line.pop_back();
      auto said = decode_message(line);
      REQUIRE(said);
      CHECK_FALSE(said->answer);
      CHECK(said->id == (lines == 0 ? 5U : 0U));
      ++lines;
      next();
    });
  };
  next();
  CHECK(until([&] { return lines == 2; }));
  CHECK(other->call(ask_for(verb::list)));
}

TEST_CASE_METHOD(house, "an endless line is refused, and hurts nobody else") {
  auto other = knock();
  asio::local::stream_protocol::socket raw{io};
  raw.connect(path());
  auto text = std::make_shared<std::string>(request_limit + 100000, 'x');
  asio::async_write(raw, asio::buffer(*text), [text](const auto&, size_t) {});
  std::string got;
  auto over = false;
  asio::async_read(
    raw, asio::dynamic_buffer(got), [&](const auto&, size_t) { over = true; });
  REQUIRE(until([&] { return over; }));
  REQUIRE_FALSE(got.empty());
  auto said = decode_message(got.substr(0, got.size() - 1));
  REQUIRE(said);
  CHECK(said->answer.error().code == ec::bad_request);
  CHECK(other->call(ask_for(verb::list)));
}

TEST_CASE_METHOD(house, "too many requests at once are refused, not queued") {
  auto one = knock();
  REQUIRE(one->call(run_of("web", forever)));
  auto refused = 0;
  for (int i = 0; i < 100; ++i)
    one->ask(ask_for(verb::wait, "web"), [&](const auto& said) {
      if (!said && said.error().code == ec::exhausted)
        ++refused;
    });
  CHECK(until([&] { return refused == 36; }));
}

TEST_CASE_METHOD(house, "more clients than there is room for are told so") {
  std::vector<std::unique_ptr<client>> crowd;
  for (int i = 0; i < 128; ++i)
    crowd.push_back(knock());
  REQUIRE(until([&] { return door->clients() == 128; }));
  auto late = knock();
  auto refused = late->call(ask_for(verb::list));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::exhausted);
  CHECK(crowd.front()->call(ask_for(verb::list)));
  // Whoever leaves makes room.
  crowd.pop_back();
  REQUIRE(until([&] { return door->clients() == 127; }));
  CHECK(knock()->call(ask_for(verb::list)));
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

TEST_CASE_METHOD(house, "the socket is its user's alone, and goes with him") {
  struct stat facts {};
  REQUIRE(::stat(path().c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK(S_ISSOCK(facts.st_mode));
  door.reset();
  CHECK(::stat(path().c_str(), &facts) != 0);
}

TEST_CASE("a socket that a dead server left is replaced") {
  test::temp_dir dir;
  auto path = dir / "pierd.sock";
  {
    auto dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path.copy(at.sun_path, sizeof(at.sun_path) - 1);
    REQUIRE(::bind(dead, reinterpret_cast<sockaddr*>(&at), sizeof(at)) == 0);
    ::close(dead);
  }
  asio::io_context io{1};
  auto refused = client::connect(io, path);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::refused);
  auto behind = *supervisor::start({}, nullptr);
  {
    auto door = server::listen(io, *behind, {path, "pierd", true, {}});
    REQUIRE(door);
    auto one = client::connect(io, path);
    REQUIRE(one);
    CHECK((*one)->call(ask_for(verb::list)));
  }
  auto missing = client::connect(io, path);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ec::no_such_port);
}

TEST_CASE("root speaks to everybody, everybody to himself") {
  CHECK(may_speak({1, 0}, 1000));
  CHECK(may_speak({1, 1000}, 1000));
  CHECK_FALSE(may_speak({1, 1001}, 1000));
  CHECK_FALSE(may_speak({1, 1000}, 0));
}

TEST_CASE_METHOD(house, "another user is refused by the kernel's word") {
  if (::geteuid() != 0) {
    WARN("only root can become somebody else");
    return;
  }
  // Let him come as far as the door.
  REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
  REQUIRE(::chmod(path().c_str(), 0666) == 0);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  path().copy(at.sun_path, sizeof(at.sun_path) - 1);
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    char text[512];
    auto good = ::setresuid(65534, 65534, 65534) == 0;
    auto line = ::socket(AF_UNIX, SOCK_STREAM, 0);
    good = good
      && ::connect(line, reinterpret_cast<sockaddr*>(&at), sizeof(at)) == 0;
    auto count = good ? ::read(line, text, sizeof(text)) : -1;
    if (count > 0)
      count = ::write(ends[1], text, static_cast<size_t>(count));
    ::_exit(count > 0 ? 0 : 1);
  }
  ::close(ends[1]);
  auto over = false;
  std::string got;
  asio::posix::stream_descriptor in{io, ends[0]};
  asio::async_read(
    in, asio::dynamic_buffer(got), [&](const auto&, size_t) { over = true; });
  CHECK(until([&] { return over; }));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  REQUIRE_FALSE(got.empty());
  auto said = decode_message(got.substr(0, got.size() - 1));
  REQUIRE(said);
  REQUIRE_FALSE(said->answer);
  CHECK(said->answer.error().code == ec::permission_denied);
}
