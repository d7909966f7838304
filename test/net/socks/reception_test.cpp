#include "net/socks/reception.hpp"
#include "test/support/show.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

using namespace pier;
using namespace pier::net;
using namespace std::string_literals;

namespace {

const auto to_web = "\5\1\0\3\3web\0\x50"s;

class fixture {
public:
  /// Somebody who has come; its own end.
  fd come() {
    std::array<int, 2> ends{};
    REQUIRE(
      ::socketpair(
        AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data())
      == 0);
    reception.receive(fd{ends[0]}, {});
    return fd{ends[1]};
  }

  void say(const fd& whom, const std::string& text) {
    CHECK(
      ::send(whom.get(), text.data(), text.size(), MSG_NOSIGNAL)
      == static_cast<ssize_t>(text.size()));
    io.restart();
    io.poll();
  }

  /// What there is to read; nothing: an end.
  static std::optional<std::string> hear(const fd& whom) {
    std::array<char, 4096> room{};
    auto got = ::recv(whom.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (got == 0)
      return std::nullopt;
    return std::string{room.data(), got < 0 ? 0 : static_cast<size_t>(got)};
  }

  boost::asio::io_context io;
  socks_host host;
  std::vector<std::pair<fd, socks_wish>> wishes;
  socks_reception reception{
    io, host, [this](fd client, const endpoint&, socks_wish wish) {
      wishes.emplace_back(std::move(client), std::move(wish));
    }};
};

} // namespace

TEST_CASE_METHOD(fixture, "what follows a request stays in its socket") {
  auto me = come();
  say(me, "\5\1\0"s + to_web + "hello");
  REQUIRE(wishes.size() == 1);
  CHECK(hear(me) == "\5\0"s);
  CHECK(wishes[0].second.to.name == "web");
  CHECK(hear(wishes[0].first) == "hello");
}

TEST_CASE_METHOD(fixture, "a request is heard however it comes") {
  auto me = come();
  for (auto byte : "\5\1\0"s + to_web)
    say(me, std::string{byte});
  CHECK(wishes.size() == 1);
}

TEST_CASE_METHOD(fixture, "a head that takes several reads is one") {
  auto me = come();
  say(
    me,
    "GET http://web/ HTTP/1.1\r\nX: " + std::string(9000, 'x')
      + "\r\n\r\nbody");
  REQUIRE(wishes.size() == 1);
  CHECK(wishes[0].second.first.size() > 9000);
  CHECK(hear(wishes[0].first) == "body");
}

TEST_CASE_METHOD(fixture, "whoever is sent away hears why, and then an end") {
  auto me = come();
  say(me, "GET / HTTP/1.1\n\n" + std::string(5000, 'x'));
  CHECK(hear(me)->starts_with("HTTP/1.1 400 "));
  CHECK_FALSE(hear(me));
  auto other = come();
  say(other, "\4\1"s);
  CHECK_FALSE(hear(other));
  CHECK(wishes.empty());
}

TEST_CASE_METHOD(fixture, "of a thousand who say nothing the oldest goes") {
  rlimit most{};
  ::getrlimit(RLIMIT_NOFILE, &most);
  most.rlim_cur = std::min<rlim_t>(most.rlim_max, 4096);
  ::setrlimit(RLIMIT_NOFILE, &most);
  std::vector<fd> all;
  for (int i = 0; i < 1024; ++i)
    all.push_back(come());
  CHECK(hear(all.front()) == "");
  auto late = come();
  CHECK_FALSE(hear(all.front()));
  CHECK(hear(all.at(1)) == "");
  say(late, "\5\1\0"s + to_web);
  CHECK(wishes.size() == 1);
}

TEST_CASE_METHOD(fixture, "a client that leaves is forgotten") {
  auto me = come();
  me.reset();
  io.poll();
  CHECK(wishes.empty());
}
