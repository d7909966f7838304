#include "tools/bench.d/load/quantiles.hpp"
#include "tools/bench.d/load/verbs.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace load {

namespace {

/// One connection, asked and answered to its end.
bool one_connection(const route& by) {
  auto client = reach(by);
  if (client < 0)
    return false;
  char letter = 'c';
  auto good = ::write(client, &letter, 1) == 1
    && ::read(client, &letter, 1) == 1 && letter == 'c'
    && ::read(client, &letter, 1) == 0;
  ::close(client);
  return good;
}

int connected(const route& by) {
  auto client = reach(by);
  if (client < 0)
    give_up("connect");
  return client;
}

/// Whether there is input at `at` before that time; -1: there never is.
bool hears_until(clock::time_point then, int at) {
  pollfd input{at, POLLIN, 0};
  std::chrono::nanoseconds left = then - clock::now();
  auto ns = std::max<int64_t>(0, left.count());
  timespec patience{ns / 1'000'000'000, ns % 1'000'000'000};
  return ::ppoll(&input, 1, &patience, nullptr) > 0;
}

/// A caller who comes so often, or, at 0, as soon as he has been served.
class caller {
public:
  caller(double seconds, double rate)
    : until_(after(seconds)),
      gap_(
        rate > 0 ? std::chrono::duration_cast<clock::duration>(
          std::chrono::duration<double>(1 / rate))
                 : clock::duration{}) {}

  /// Since when this one's time counts: of one that had to wait for the one
  /// before, since he was due. Nothing when it is over.
  std::optional<clock::time_point> next() {
    auto now = clock::now();
    if (now >= until_)
      return {};
    if (gap_ == clock::duration{})
      return now;
    auto due = due_;
    due_ += gap_;
    if (due <= now)
      return due;
    hears_until(due, -1);
    return clock::now();
  }

private:
  clock::time_point until_;
  clock::duration gap_;
  clock::time_point due_ = clock::now();
};

} // namespace

int connect_rate(const route& by, double seconds, int clients) {
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> failed{0};
  auto begun = clock::now();
  auto until = after(seconds);
  std::vector<std::thread> all;
  all.reserve(static_cast<size_t>(clients));
  for (int i = 0; i < clients; ++i)
    all.emplace_back([&] {
      while (clock::now() < until)
        ++(one_connection(by) ? done : failed);
    });
  for (auto& each : all)
    each.join();
  std::printf(
    "{\"rate\": %.1f, \"failed\": %llu}\n",
    static_cast<double>(done.load()) / since(begun),
    static_cast<unsigned long long>(failed.load()));
  return 0;
}

int pace(const route& by, double rate) {
  auto gap = std::chrono::duration_cast<clock::duration>(
    std::chrono::duration<double>(1 / rate));
  uint64_t done = 0;
  auto begun = clock::now();
  for (auto next = begun;; next = std::max(next + gap, clock::now())) {
    if (hears_until(next, STDIN_FILENO)) {
      std::array<char, 64> line{};
      if (::read(STDIN_FILENO, line.data(), line.size()) <= 0)
        return 0;
      std::printf(
        "{\"rate\": %.1f}\n", static_cast<double>(done) / since(begun));
      (void)std::fflush(stdout);
      done = 0;
      begun = clock::now();
    }
    done += one_connection(by) ? 1 : 0;
  }
}

int latency(const route& by, double seconds, double rate) {
  auto client = connected(by);
  std::string ask(64, 'l');
  std::array<char, 64> text{};
  std::vector<double> times;
  caller each{seconds, rate};
  while (auto begun = each.next()) {
    if (::write(client, ask.data(), ask.size()) != 64)
      give_up("write");
    if (::recv(client, text.data(), text.size(), MSG_WAITALL) != 64)
      give_up("read");
    times.push_back(since(*begun) * 1e6);
  }
  print_quantiles(std::move(times));
  return 0;
}

int handshakes(const route& by, double seconds, double rate) {
  std::vector<double> times;
  caller each{seconds, rate};
  while (auto begun = each.next()) {
    if (!one_connection(by))
      give_up("connection");
    times.push_back(since(*begun) * 1e6);
  }
  print_quantiles(std::move(times));
  return 0;
}

int request_rate(const route& by, double seconds, int clients) {
  constexpr std::string_view end = "hello\n";
  auto is_asked = by.by && by.by->speaks == dialect::http;
  auto name = authority(by.to);
  auto ask = "GET " + (is_asked ? "http://" + name : "")
    + "/ HTTP/1.1\r\nHost: " + name + "\r\n\r\n";
  auto poll = ::epoll_create1(EPOLL_CLOEXEC);
  auto begin = [&] {
    auto client = connected(is_asked ? route{by.by->at, {}} : by);
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.fd = client;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, client, &interest);
    if (::write(client, ask.data(), ask.size()) < 0)
      give_up("write");
  };
  for (int i = 0; i < clients; ++i)
    begin();
  uint64_t done = 0;
  uint64_t begun_anew = 0;
  auto begun = clock::now();
  std::array<epoll_event, 64> ready{};
  for (auto until = after(seconds); clock::now() < until;) {
    auto count = ::epoll_wait(
      poll, ready.data(), static_cast<int>(ready.size()), 1000);
    for (int i = 0; i < count; ++i) {
      auto client = ready[static_cast<size_t>(i)].data.fd;
      std::array<char, 512> text{};
      auto got = ::read(client, text.data(), text.size());
      std::string_view said{
        text.data(), static_cast<size_t>(std::max<ssize_t>(got, 0))};
      auto is_answer = said.ends_with(end);
      done += is_answer ? 1 : 0;
      if (got > 0 && !is_answer)
        continue;
      if (got <= 0 || ::write(client, ask.data(), ask.size()) < 0) {
        if (++begun_anew > done + static_cast<uint64_t>(clients))
          give_up("read");
        ::close(client);
        begin();
      }
    }
  }
  std::printf(
    "{\"rate\": %.1f, \"begun anew\": %llu}\n",
    static_cast<double>(done) / since(begun),
    static_cast<unsigned long long>(begun_anew));
  return 0;
}

int hold(const std::vector<route>& by, size_t count) {
  std::vector<int> all;
  for (size_t i = 0; i < count; ++i) {
    auto client = connected(by[i % by.size()]);
    char letter = 'l';
    if (::write(client, &letter, 1) != 1 || ::read(client, &letter, 1) != 1)
      give_up("use of connection " + std::to_string(i));
    all.push_back(client);
  }
  std::puts("held");
  (void)std::fflush(stdout);
  char ignored = 0;
  while (::read(STDIN_FILENO, &ignored, 1) > 0) {}
  return 0;
}

} // namespace load
