#pragma once

/// One body on its way from one connection to another: read, taken out of its
/// framing and put into the next one, sent; and only then more is read. So a
/// body of any size takes the memory of one piece, and a slow reader slows the
/// writer down.

#include "net/http/body.hpp"
#include "net/http/stream.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace pier::net {

/// Role: a part of an exchange, which outlives it, as both streams do.
class body_pump {
public:
  enum class outcome : uint8_t {
    done,
    cut_off,   // the source has ended in the middle
    malformed, // the source's framing
    unwanted,  // the sink takes no more
  };
  using taker = std::function<void(outcome)>;

  /// `room` is the loop's.
  body_pump(
    http_stream& from, http_stream& to, loop_room::piece room,
    std::atomic<uint64_t>& count)
    : from_(from), to_(to), room_(room), count_(count) {}

  void begin(const framing& as, const framing& next, taker done);

  /// Before `begin`: up to so many bytes are kept as they are taken.
  void keep(size_t most) noexcept {
    most_kept_ = most;
  }

  /// Before `begin`, too: no more is taken than is kept. Who hears that there
  /// is more says when to go on.
  void hold(std::function<void()> more) {
    more_ = std::move(more);
  }
  void go_on();

  /// The source is as if nothing had been taken, and nothing more is. False:
  /// there was too much of it.
  bool give_back();

private:
  void pump();
  void take(size_t size);
  void hear_more(bool open);
  void send(size_t size);
  void finish(outcome how);

  http_stream& from_;
  http_stream& to_;
  loop_room::piece room_;
  std::atomic<uint64_t>& count_;
  body_reader reader_{framing{}};
  bool in_chunks_ = false;
  bool last_sent_ = false;
  std::function<void()> more_; // null: it is not held
  bool is_waiting_ = false;
  size_t most_kept_ = 0;
  std::string kept_;
  taker done_; // null: it is over
};

} // namespace pier::net
