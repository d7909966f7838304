#include "tools/bench.d/load/verbs.hpp"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace load {

namespace {

/// What the server counts, asked over TCP at the same place.
uint64_t counter(const place& at, char order) {
  auto client = make_socket(at, SOCK_STREAM);
  std::array<char, 32> text{};
  if (
    ::connect(client, at.raw(), at.size) != 0 || ::write(client, &order, 1) != 1
    || ::read(client, text.data(), text.size() - 1) <= 0)
    give_up("ask for the count");
  ::close(client);
  return std::strtoull(text.data(), nullptr, 10);
}

/// Datagrams that are still on their way have arrived when the count stands
/// still.
uint64_t settled_counter(const place& at) {
  auto last = counter(at, 'u');
  auto tick = every(std::chrono::milliseconds{50});
  for (;;) {
    wait_for(tick);
    auto now = counter(at, 'u');
    if (now == last)
      return now;
    last = now;
  }
}

} // namespace

int datagram_rate(const place& at, double seconds, size_t size, double rate) {
  counter(at, 'z');
  auto client = make_socket(at, SOCK_DGRAM);
  if (::connect(client, at.raw(), at.size) != 0)
    give_up("connect");
  std::string bytes(size, 'd');
  auto tick = every(std::chrono::microseconds{500});
  uint64_t sent = 0;
  auto begun = clock::now();
  for (auto until = after(seconds); clock::now() < until;) {
    // In small steps, so that no burst fills a buffer.
    auto due = rate > 0 ? static_cast<uint64_t>(since(begun) * rate)
                        : sent + 64;
    for (; sent < due; ++sent)
      if (::send(client, bytes.data(), bytes.size(), 0) < 0)
        break;
    if (rate > 0)
      wait_for(tick);
  }
  auto took = since(begun);
  auto arrived = settled_counter(at);
  std::printf(
    "{\"rate\": %.1f, \"sent\": %llu, \"lost\": %.5f}\n",
    static_cast<double>(arrived) / took, static_cast<unsigned long long>(sent),
    sent == 0 ? 0.0
              : 1.0 - static_cast<double>(arrived) / static_cast<double>(sent));
  return 0;
}

} // namespace load
