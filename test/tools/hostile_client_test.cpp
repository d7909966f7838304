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

TEST_CASE_METHOD(house, "descriptors that were promised must come") {
  auto one = knock();
  auto what = run_of("a", {"true"});
  what.stdio = true;
  auto refused = one->call(what);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::bad_request);
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
