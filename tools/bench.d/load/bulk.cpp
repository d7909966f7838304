#include "tools/bench.d/load/bulk.hpp"

#include "tools/bench.d/load/verbs.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

namespace load {

namespace {

constexpr size_t piece_size = 1U << 17; // 128 KiB
constexpr uint64_t last = uint64_t{1} << 63;

using piece = std::vector<char>;

bool send_piece(int client, piece& bytes, uint64_t number) {
  std::memcpy(bytes.data(), &number, sizeof(number));
  for (size_t done = 0; done < bytes.size();) {
    auto sent = ::write(client, bytes.data() + done, bytes.size() - done);
    if (sent <= 0)
      return false;
    done += static_cast<size_t>(sent);
  }
  return true;
}

/// Whether it is the one of that number; `last` is told apart.
bool take_piece(int client, piece& bytes, uint64_t& number) {
  if (
    ::recv(client, bytes.data(), bytes.size(), MSG_WAITALL)
    != static_cast<ssize_t>(bytes.size()))
    return false;
  auto expected = number;
  std::memcpy(&number, bytes.data(), sizeof(number));
  return (number & ~last) == expected;
}

void take_all(int client) {
  piece bytes(piece_size);
  for (uint64_t number = 0; take_piece(client, bytes, number); ++number)
    if ((number & last) != 0) {
      number = (number & ~last) + 1;
      if (::write(client, &number, sizeof(number)) < 0)
        return;
      // The client ends it, lest a count be lost by who takes an end for both.
      char ignored = 0;
      if (::read(client, &ignored, 1) >= 0)
        return;
    }
}

/// Answers how many pieces have arrived.
uint64_t send_until(int client, clock::time_point until) {
  piece bytes(piece_size);
  uint64_t number = 0;
  for (; clock::now() < until; ++number)
    if (!send_piece(client, bytes, number))
      give_up("send a piece");
  uint64_t arrived = 0;
  if (
    !send_piece(client, bytes, number | last)
    || ::recv(client, &arrived, sizeof(arrived), MSG_WAITALL) != sizeof(arrived)
    || arrived != number + 1)
    give_up("hear how many pieces have arrived");
  return arrived;
}

uint64_t take_until(int client, clock::time_point until) {
  piece bytes(piece_size);
  uint64_t number = 0;
  for (; clock::now() < until; ++number)
    if (!take_piece(client, bytes, number))
      give_up("take a piece");
  return number;
}

/// The server is there, and knows what it is to do.
int ordered(const route& by, char order) {
  auto client = reach(by);
  char word = order;
  if (
    client < 0 || ::write(client, &word, 1) != 1
    || ::read(client, &word, 1) != 1 || word != order)
    give_up("order pieces");
  return client;
}

} // namespace

void serve_bulk(int client, char order) {
  if (::write(client, &order, 1) == 1) {
    if (order == 'b')
      take_all(client);
    piece bytes(piece_size);
    for (uint64_t number = 0;
         order == 'B' && send_piece(client, bytes, number);)
      ++number;
  }
  ::close(client);
}

int bulk_rate(const route& by, double seconds, int streams, bool back) {
  std::vector<int> clients;
  clients.reserve(static_cast<size_t>(streams));
  for (int i = 0; i < streams; ++i)
    clients.push_back(ordered(by, back ? 'B' : 'b'));
  std::atomic<uint64_t> pieces{0};
  auto begun = clock::now();
  auto until = after(seconds);
  std::vector<std::thread> all;
  all.reserve(clients.size());
  for (auto client : clients)
    all.emplace_back([&pieces, client, until, back] {
      pieces += back ? take_until(client, until) : send_until(client, until);
    });
  for (auto& each : all)
    each.join();
  auto took = since(begun);
  for (auto client : clients)
    ::close(client);
  auto bytes = pieces.load() * piece_size;
  std::printf(
    "{\"bytes\": %llu, \"rate\": %.1f}\n",
    static_cast<unsigned long long>(bytes),
    static_cast<double>(bytes) * 8 / took);
  return 0;
}

} // namespace load
