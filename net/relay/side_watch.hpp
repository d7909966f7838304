#pragma once

/// The epoll of a relay thread, and the eventfd that wakes it.
///
/// Theory of operation. A side is known by its pair's number, not by where it
/// lies: a child that has been forked and has not yet become another program
/// holds every socket of ours, so that one which we have closed may still be
/// heard of. Nobody has that number then. Edge-triggered; a socket that is
/// added can nearly always be written to, which would wake the loop for
/// nothing: room is asked about once a write has been refused.

#include "net/fd.hpp"

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

namespace pier::net {

struct side;

/// Lifetime: the thread's. `listen_to` and `wake` may be called from any
/// thread.
class side_watch {
public:
  /// Who is meant by an event: the host's side or the guest's of that pair. No
  /// pair has the number 0: there the eventfd means that it has been woken.
  struct name {
    uint64_t pair = 0;
    bool host = false;

    /// The two sides of one pair.
    bool is_across(name other) const noexcept {
      return pair == other.pair && host != other.host;
    }
  };

  side_watch();

  void listen_to(const side& which, uint32_t further) const;
  /// From now on; room that there is meanwhile is told, too.
  void ask_for_room(side& which) const;

  void wake() const;
  void hear_wake() const;

  /// Milliseconds; -1: until something happens. Valid until the next call.
  std::span<const epoll_event> wait(int patience);

  static name meant_by(const epoll_event& event) {
    return {event.data.u64 / 2, event.data.u64 % 2 != 0};
  }

private:
  void look_at(int verb, const side& which, uint32_t events) const;

  fd epoll_, wake_;
  std::array<epoll_event, 256> events_{};
};

} // namespace pier::net
