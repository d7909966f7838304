#pragma once

/// What a relay loop drives: two sockets of one flow. Lives on the loop's
/// thread; only its counters are read from elsewhere.

#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "messages/flow_info.hpp"
#include "net/fd.hpp"
#include "net/relay/pipe_pool.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace pier::net {

class pair;

/// What the loop's pairs share: all of it is the loop's thread's.
struct relay_workshop {
  pipe_pool pipes;
  /// One read's worth of any pair.
  std::vector<char> buffer;
  std::chrono::steady_clock::time_point now;
};

/// One of the two sockets, as epoll knows it.
struct side {
  pair* of = nullptr;
  fd socket;
  bool readable = false;
  /// Its peer has said FIN: what is left to read is followed by nothing.
  bool hung_up = false;
  /// An urgent byte is among what can be read.
  bool urgent = false;
  /// Until a write has been refused; who has been refused hears of room.
  bool writable = true;
  bool hears_of_room = false;
};

/// Bytes by direction, seen from the guest. Outlives the pair.
struct pair_counts {
  std::atomic<uint64_t> sent{0};
  std::atomic<uint64_t> received{0};
  /// Whose they are; null once its sockets are closed. For relay_thread's
  /// `look` alone.
  const pair* of = nullptr;
};

class pair {
public:
  enum class verdict : uint8_t {
    wait,  // for the next event
    again, // there is more to do, but others have their turn first
    over,  // ended; `why` says how
  };

  pair(fd guest, fd host);
  virtual ~pair() = default;

  pair(const pair&) = delete;
  pair& operator=(const pair&) = delete;

  /// Something has changed on a socket.
  virtual verdict pump(relay_workshop& shop) = 0;

  /// An error waits on this side.
  virtual verdict hear_error(const side& which) = 0;

  /// How the sides stand, by the kernel's word.
  virtual flow_sides sides() const {
    return {};
  }

  /// Ends both sides with RST where there is such a thing.
  virtual void abort() = 0;

  /// When nobody has said anything for this long it is over; zero: never.
  virtual std::chrono::steady_clock::duration idle() const {
    return {};
  }

  /// Among all that its thread was ever given; 0: not yet given.
  uint64_t id = 0;
  side guest;
  side host;
  /// Who has called.
  direction caller = direction::outbound;
  std::shared_ptr<pair_counts> counts = std::make_shared<pair_counts>();
  ec why = ec::ok;
  bool queued = false;
  std::chrono::steady_clock::time_point last_heard;
  /// Its place among those that can grow idle.
  std::optional<std::list<pair*>::iterator> in_idle_list;
};

std::unique_ptr<pair> make_tcp_pair(fd guest, fd host);
std::unique_ptr<pair>
make_udp_pair(fd guest, fd host, std::chrono::milliseconds idle);

} // namespace pier::net
