#include "net/io_runtime.hpp"
#include "net/relay/relay_loop.hpp"
#include "net/stream_options.hpp"
#include "test/support/deadline.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <numeric>
#include <optional>
#include <thread>

using namespace pier;
using namespace std::chrono_literals;

namespace {

/// Two connected TCP sockets on loopback.
std::pair<net::fd, net::fd> tcp_pair() {
  net::fd listener{::socket(AF_INET, SOCK_STREAM, 0)};
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  auto name = reinterpret_cast<sockaddr*>(&at);
  REQUIRE(::bind(listener.get(), name, size) == 0);
  REQUIRE(::listen(listener.get(), 1) == 0);
  ::getsockname(listener.get(), name, &size);
  net::fd one{::socket(AF_INET, SOCK_STREAM, 0)};
  REQUIRE(::connect(one.get(), name, size) == 0);
  net::fd two{::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK)};
  net::set_stream_options(two.get());
  timeval patience{10, 0};
  ::setsockopt(one.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  return {std::move(one), std::move(two)};
}

struct fixture {
  fixture() {
    auto a = tcp_pair();
    auto b = tcp_pair();
    guest = std::move(a.first);
    host = std::move(b.first);
    relay = loop.join_tcp(
      {std::move(a.second), std::move(b.second)}, [this](ec why, traffic all) {
        ended = why;
        bytes = all;
      });
  }

  std::optional<ec> end() {
    io.restart();
    trials::stopwatch watch;
    while (!ended && watch.elapsed() < 10s)
      io.run_one_for(100ms);
    return ended;
  }

  static std::string read(const net::fd& from) {
    std::array<char, 64> buffer{};
    auto got = ::recv(from.get(), buffer.data(), buffer.size(), 0);
    return got < 0 ? "error"
                   : std::string(buffer.data(), static_cast<size_t>(got));
  }

  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
    io.get_executor()};
  std::optional<ec> ended;
  traffic bytes;
  net::relay_loop loop{io};
  net::fd guest, host;
  std::unique_ptr<net::relay_loop::relay> relay;
};

} // namespace

TEST_CASE_METHOD(fixture, "half a connection closes, the other half talks on") {
  ::send(guest.get(), "ask", 3, 0);
  ::shutdown(guest.get(), SHUT_WR);
  CHECK(read(host) == "ask");
  CHECK(read(host).empty());
  ::send(host.get(), "answer", 6, 0);
  CHECK(read(guest) == "answer");
  host.reset();
  CHECK(read(guest).empty());
  CHECK(end() == ec::ok);
  CHECK(bytes == traffic{3, 6});
}

TEST_CASE_METHOD(fixture, "the last bytes and FIN that come together go so") {
  ::send(guest.get(), "last", 4, MSG_MORE);
  ::shutdown(guest.get(), SHUT_WR);
  pollfd waits{host.get(), POLLIN | POLLRDHUP, 0};
  CHECK(::poll(&waits, 1, 10'000) == 1);
  CHECK(waits.revents == (POLLIN | POLLRDHUP));
  CHECK(read(host) == "last");
  CHECK(read(host).empty());
}

TEST_CASE_METHOD(fixture, "an urgent byte stays in its place, and urgent") {
  ::send(guest.get(), "abc", 3, MSG_MORE);
  ::send(guest.get(), "!", 1, MSG_OOB);
  ::send(guest.get(), "def", 3, 0);
  ::shutdown(guest.get(), SHUT_WR);
  std::string before;
  while (before.size() < 3)
    before += read(host);
  CHECK(before == "abc");
  pollfd waits{host.get(), POLLPRI, 0};
  CHECK(::poll(&waits, 1, 10'000) == 1);
  char urgent = 0;
  CHECK(::recv(host.get(), &urgent, 1, MSG_OOB) == 1);
  CHECK(urgent == '!');
  CHECK(read(host) == "def");
  CHECK(read(host).empty());
}

TEST_CASE_METHOD(fixture, "a full sink that empties is filled on") {
  std::vector<char> block(1 << 20, 'x');
  size_t sent = 0;
  // Until nobody takes anything any more, from one end to the other.
  for (pollfd room{guest.get(), POLLOUT, 0}; ::poll(&room, 1, 200) == 1;)
    if (auto now = ::send(
          guest.get(), block.data(), block.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        now > 0)
      sent += static_cast<size_t>(now);
  ::shutdown(guest.get(), SHUT_WR);
  size_t all = 0;
  for (;;) {
    auto now = ::recv(host.get(), block.data(), block.size(), 0);
    if (now <= 0)
      break;
    all += static_cast<size_t>(now);
  }
  CHECK(all == sent);
}

TEST_CASE_METHOD(fixture, "a reset of one side is a reset of the other") {
  ::send(guest.get(), "x", 1, 0);
  CHECK(read(host) == "x");
  linger at_once{1, 0};
  ::setsockopt(guest.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  guest.reset();
  CHECK(end() == ec::reset);
  std::array<char, 8> buffer{};
  CHECK(::recv(host.get(), buffer.data(), buffer.size(), 0) < 0);
  CHECK(errno == ECONNRESET);
}

TEST_CASE_METHOD(fixture, "a relay that is dropped resets both sides") {
  relay.reset();
  std::array<char, 8> buffer{};
  for (const auto* each : {&guest, &host}) {
    CHECK(::recv(each->get(), buffer.data(), buffer.size(), 0) < 0);
    CHECK(errno == ECONNRESET);
  }
  CHECK_FALSE(ended);
}

TEST_CASE_METHOD(fixture, "when it has settled, whoever was dropped is reset") {
  ::send(guest.get(), "ask", 3, 0);
  CHECK(read(host) == "ask");
  relay.reset();
  auto settled = false;
  loop.settle([&] { settled = true; });
  trials::stopwatch watch;
  while (!settled && watch.elapsed() < 10s)
    io.run_one_for(100ms);
  REQUIRE(settled);
  // Not in a moment: now.
  for (const auto* each : {&guest, &host}) {
    int why = 0;
    socklen_t size = sizeof(why);
    ::getsockopt(each->get(), SOL_SOCKET, SO_ERROR, &why, &size);
    CHECK(why == ECONNRESET);
  }
}

/// A child that is forked holds all sockets until it is another program.
TEST_CASE("who is dropped while a child holds the sockets is reset, and silent") {
  boost::asio::io_context io;
  auto work = boost::asio::make_work_guard(io);
  net::relay_loop loop{io};
  auto settle = [&] {
    auto settled = false;
    loop.settle([&] { settled = true; });
    for (trials::stopwatch watch; !settled && watch.elapsed() < 10s;)
      io.run_one_for(100ms);
    return settled;
  };
  for (int i = 0; i < 50; ++i) {
    auto [guest, near] = tcp_pair();
    auto [host, far] = tcp_pair();
    std::array<net::fd, 2> held{
      net::fd{::dup(near.get())}, net::fd{::dup(far.get())}};
    auto relay = loop.join_tcp(
      {std::move(near), std::move(far)}, [](ec, traffic) {});
    ::send(guest.get(), "ask", 3, 0);
    REQUIRE(fixture::read(host) == "ask");
    relay.reset();
    REQUIRE(settle());
    CHECK(fixture::read(guest) == "error");
    // The kernel says that of a pair that is no more.
    for (const auto& each : held)
      ::shutdown(each.get(), SHUT_RDWR);
    REQUIRE(settle());
  }
}

TEST_CASE_METHOD(fixture, "a hundred megabytes arrive as they were sent") {
  constexpr size_t total = 100 << 20;
  std::vector<uint32_t> block(1 << 18);
  std::iota(block.begin(), block.end(), 1U);
  constexpr size_t size = 1 << 20;
  std::thread sender{[&] {
    for (size_t sent = 0; sent < total; sent += size)
      ::send(guest.get(), block.data(), size, MSG_NOSIGNAL);
    ::shutdown(guest.get(), SHUT_WR);
  }};
  std::vector<uint32_t> got(block.size());
  size_t all = 0;
  auto same = true;
  for (;;) {
    auto now = ::recv(host.get(), got.data(), size, MSG_WAITALL);
    if (now <= 0)
      break;
    all += static_cast<size_t>(now);
    same = same && got == block;
  }
  sender.join();
  CHECK(all == total);
  CHECK(same);
  host.reset();
  CHECK(end() == ec::ok);
  CHECK(bytes.sent == total);
}

TEST_CASE("a relay at full throttle is passed over while there is another") {
  net::io_runtime runtime{2};
  auto& busy = runtime.next_relay();
  auto [guest, near] = tcp_pair();
  auto [host, far] = tcp_pair();
  auto relay = busy.join_tcp(
    {std::move(near), std::move(far)}, [](ec, traffic) {});
  std::vector<char> block(1 << 20);
  std::atomic<bool> enough = false;
  std::thread sender{[&, out = guest.get()] {
    while (!enough)
      ::send(out, block.data(), block.size(), MSG_NOSIGNAL);
    ::shutdown(out, SHUT_WR);
  }};
  std::thread reader{[in = host.get()] {
    std::vector<char> got(1 << 20);
    while (::recv(in, got.data(), got.size(), 0) > 0) {}
  }};
  // Dealt out in turn, no two of them would be the same.
  auto passed_over = false;
  for (trials::stopwatch watch; !passed_over && watch.elapsed() < 10s;) {
    auto* one = &runtime.next_relay();
    auto* two = &runtime.next_relay();
    passed_over = one == two && one != &busy;
  }
  CHECK(passed_over);
  enough = true;
  sender.join();
  reader.join();
}
