#include "tools/bench.d/load/verbs.hpp"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace load {

namespace {

constexpr size_t header_size = 12;

/// A question for the address of a name that nobody has asked for before.
std::string question(uint16_t id, uint64_t number) {
  std::array<char, 32> label{};
  auto length = std::snprintf(
    label.data(), label.size(), "n%d-%llu", ::getpid(),
    static_cast<unsigned long long>(number));
  std::string out{
    static_cast<char>(id >> 8),
    static_cast<char>(id & 0xff),
    1,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0};
  out.push_back(static_cast<char>(length));
  out.append(label.data(), static_cast<size_t>(length));
  out.append("\4load\7example\0\0\1\0\1", 18);
  return out;
}

} // namespace

int serve_names(const place& at) {
  auto socket = make_socket(at, SOCK_DGRAM);
  int size = 4 << 20;
  ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
  if (::bind(socket, at.raw(), at.size) != 0)
    give_up("bind");
  std::puts("ready");
  std::fflush(stdout);
  constexpr std::array<char, 16> record{'\xc0', '\x0c', 0, 1, 0,      1, 0, 0,
                                        0,      60,     0, 4, '\xc0', 0, 2, 1};
  for (;;) {
    std::array<char, 1500> bytes{};
    place from;
    from.size = sizeof(from.address);
    auto got = ::recvfrom(
      socket, bytes.data(), 512, 0, reinterpret_cast<sockaddr*>(&from.address),
      &from.size);
    if (got < static_cast<ssize_t>(header_size))
      continue;
    // The question alone: an OPT record, should one follow, is cut off.
    auto end = header_size;
    while (end < static_cast<size_t>(got) && bytes[end] != 0)
      end += static_cast<uint8_t>(bytes[end]) + 1U;
    end += 5;
    bytes[2] = static_cast<char>(bytes[2] | '\x80');
    bytes[3] = '\x80';
    bytes[7] = 1;
    bytes[11] = 0;
    std::memcpy(bytes.data() + end, record.data(), record.size());
    ::sendto(
      socket, bytes.data(), end + record.size(), 0, from.raw(), from.size);
  }
}

int question_rate(const place& at, double seconds, size_t at_once) {
  auto client = make_socket(at, SOCK_DGRAM);
  timeval patience{0, 200'000};
  ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  if (::connect(client, at.raw(), at.size) != 0)
    give_up("connect");
  uint64_t asked = 0;
  uint64_t answered = 0;
  uint64_t failed = 0;
  auto ask = [&] {
    auto bytes = question(static_cast<uint16_t>(asked), asked);
    ++asked;
    ::send(client, bytes.data(), bytes.size(), 0);
  };
  auto begun = clock::now();
  for (size_t i = 0; i < at_once; ++i)
    ask();
  for (auto until = after(seconds); clock::now() < until;) {
    std::array<char, 1500> bytes{};
    auto got = ::recv(client, bytes.data(), bytes.size(), 0);
    if (got < static_cast<ssize_t>(header_size)) {
      // Lost ones are made up for, or nobody would ask any more.
      for (auto open = asked - answered - failed; open > 0; --open)
        ++failed;
      for (size_t i = 0; i < at_once; ++i)
        ask();
      continue;
    }
    ++((bytes[3] & 0x0f) == 0 && bytes[7] == 1 ? answered : failed);
    ask();
  }
  std::printf(
    "{\"rate\": %.1f, \"failed\": %llu}\n",
    static_cast<double>(answered) / since(begun),
    static_cast<unsigned long long>(failed));
  return 0;
}

} // namespace load
