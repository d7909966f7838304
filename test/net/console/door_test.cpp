#include "net/console/door.hpp"
#include "test/net/console/frames.hpp"
#include "test/support/deadline.hpp"
#include "test/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <optional>

namespace pier::net {

namespace {

using namespace pier::test;
using namespace std::chrono_literals;

/// A door with whoever has come through it, on one loop.
struct house {
  explicit house(bridge::limits each = {}) : here(io, each) {
    here.on_guest =
      [this](uint64_t number, const std::string& name, net::fd socket) {
        came[number] = name;
        sockets[number] = std::move(socket);
      };
    here.on_gone = [this](uint64_t number, const error& why) {
      gone[number] = why;
    };
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strcpy(at.sun_path, path().c_str());
    net::fd listener{
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    REQUIRE(
      ::bind(listener.get(), reinterpret_cast<sockaddr*>(&at), sizeof(at))
      == 0);
    REQUIRE(::listen(listener.get(), 128) == 0);
    here.serve(std::move(listener));
  }

  std::string path() const {
    return dir / "console.sock";
  }

  net::fd knock() {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strcpy(at.sun_path, path().c_str());
    net::fd made{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    REQUIRE(
      ::connect(made.get(), reinterpret_cast<sockaddr*>(&at), sizeof(at)) == 0);
    ::fcntl(made.get(), F_SETFL, O_NONBLOCK);
    return made;
  }

  template <class Condition>
  bool until(Condition holds) {
    boost::asio::steady_timer deadline{io, 10s};
    // Its end is told after ours.
    auto late = std::make_shared<bool>(false);
    deadline.async_wait([late](const auto& stopped) { *late = !stopped; });
    io.restart();
    while (!holds() && !*late)
      io.run_one();
    return holds();
  }

  temp_dir dir;
  boost::asio::io_context io{1};
  std::map<uint64_t, std::string> came;
  std::map<uint64_t, error> gone;
  std::map<uint64_t, net::fd> sockets;
  door here;
};

void say(const net::fd& to, const std::string& what) {
  REQUIRE(
    ::send(to.get(), what.data(), what.size(), MSG_NOSIGNAL)
    == static_cast<ssize_t>(what.size()));
}

/// What is there to be read; nothing at the end.
std::optional<std::string> heard(const net::fd& from) {
  std::string out(65536, '\0');
  auto count = ::recv(from.get(), out.data(), out.size(), MSG_DONTWAIT);
  if (count == 0 || (count < 0 && errno != EAGAIN))
    return std::nullopt;
  out.resize(count < 0 ? 0 : static_cast<size_t>(count));
  return out;
}

} // namespace

TEST_CASE("a guest is known by the kernel's word, and his bytes go both ways") {
  house one;
  auto client = one.knock();
  REQUIRE(one.until([&] { return one.came.size() == 1; }));
  auto number = one.came.begin()->first;
  CHECK(
    one.came[number]
    == "user " + std::to_string(::geteuid()) + ", process "
      + std::to_string(::getpid()));
  auto hello = frame(handshake, "node") + frame(direct, "hello");
  say(client, hello);
  std::string got;
  REQUIRE(one.until([&] {
    got += heard(one.sockets[number]).value_or("");
    return got.size() == hello.size();
  }));
  CHECK(got == hello);
  say(one.sockets[number], "anything");
  got.clear();
  REQUIRE(one.until([&] {
    got += heard(client).value_or("");
    return got == "anything";
  }));
}

TEST_CASE("who sends a header that claims four gigabytes is gone") {
  house one;
  auto client = one.knock();
  say(
    client, frame(handshake, "node") + frame_claiming(direct, 0xFFFFFFF0, ""));
  REQUIRE(one.until([&] { return one.gone.size() == 1; }));
  CHECK(one.gone.begin()->second.code == ec::bad_request);
  CHECK(!heard(client));
}

TEST_CASE("who does not introduce himself is gone when his time is over") {
  bridge::limits brief;
  brief.introduction = 20ms;
  house one{brief};
  auto client = one.knock();
  say(client, frame(handshake, "node").substr(0, 33));
  REQUIRE(one.until([&] { return one.gone.size() == 1; }));
  CHECK(one.gone.begin()->second.code == ec::timed_out);
}

TEST_CASE("who reads nothing is gone, and what is for him is taken meanwhile") {
  bridge::limits brief;
  brief.standstill = 50ms;
  house one{brief};
  auto client = one.knock();
  say(client, frame(handshake, "node"));
  REQUIRE(one.until([&] { return one.came.size() == 1; }));
  auto& ours = one.sockets.begin()->second;
  std::string much(65536, 'x');
  size_t taken = 0;
  REQUIRE(one.until([&] {
    // Four megabytes are more than the kernel keeps between two sockets.
    if (taken < 4 << 20)
      if (auto count = ::send(
            ours.get(), much.data(), much.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
          count > 0)
        taken += static_cast<size_t>(count);
    return one.gone.size() == 1;
  }));
  CHECK(taken >= 4 << 20);
  CHECK(one.gone.begin()->second.code == ec::timed_out);
}

TEST_CASE("who leaves more unread than there may be is gone at once") {
  bridge::limits little;
  little.unread = 1 << 20;
  house one{little};
  auto client = one.knock();
  say(client, frame(handshake, "node"));
  REQUIRE(one.until([&] { return one.came.size() == 1; }));
  auto& ours = one.sockets.begin()->second;
  std::string much(65536, 'x');
  REQUIRE(one.until([&] {
    ::send(ours.get(), much.data(), much.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return one.gone.size() == 1;
  }));
  CHECK(one.gone.begin()->second.code == ec::exhausted);
}

TEST_CASE("one guest too many is turned away, and the others stay") {
  house one;
  std::vector<net::fd> all;
  for (size_t i = 0; i < door::most_guests; ++i) {
    all.push_back(one.knock());
    say(all.back(), frame(handshake, "node"));
  }
  REQUIRE(one.until([&] { return one.came.size() == door::most_guests; }));
  auto late = one.knock();
  REQUIRE(one.until([&] { return !heard(late); }));
  CHECK(one.here.guests() == door::most_guests);
  CHECK(one.gone.empty());
  all.pop_back();
  REQUIRE(one.until([&] { return one.gone.size() == 1; }));
  auto next = one.knock();
  CHECK(one.until([&] { return one.came.size() == door::most_guests + 1; }));
}

TEST_CASE("who is dismissed hears the end, and nobody is told of it") {
  house one;
  auto client = one.knock();
  REQUIRE(one.until([&] { return one.came.size() == 1; }));
  one.here.dismiss(one.came.begin()->first);
  CHECK(one.until([&] { return !heard(client); }));
  CHECK(one.gone.empty());
}

} // namespace pier::net
