#include "net/io_runtime.hpp"
#include "net/relay/relay_loop.hpp"
#include "test/net/relay/connected.hpp"
#include "test/support/deadline.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace pier;
using namespace std::chrono_literals;
using trials::read;
using trials::tcp_pair;

/// A child that is forked holds all sockets until it is another program.
TEST_CASE(
  "who is dropped while a child holds the sockets is reset, and silent") {
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
    REQUIRE(read(host) == "ask");
    relay.reset();
    REQUIRE(settle());
    CHECK(read(guest) == "error");
    // The kernel says that of a pair that is no more.
    for (const auto& each : held)
      ::shutdown(each.get(), SHUT_RDWR);
    REQUIRE(settle());
  }
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
