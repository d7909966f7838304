#pragma once

/// Ready sockets of the gateway's namespace: a burst of connections takes them
/// faster than a keeper makes them. Filled up in batches, as soon as enough are
/// missing.

#include "messages/address.hpp"
#include "messages/error.hpp"
#include "net/audit/ledger.hpp"
#include "net/fd.hpp"

#include <sys/socket.h>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace pier::net {

class socket_store {
public:
  using taker = std::function<void(result<std::vector<fd>>)>;
  /// Asks for non-blocking sockets; false: there is nobody to ask.
  using maker = std::function<bool(family, int type, uint32_t count, taker)>;

  explicit socket_store(maker make) : make_(std::move(make)) {}

  /// Whenever there is somebody to ask again; questions that were open are
  /// forgotten.
  void refill();

  /// Whether the next `take` gives one. If not, more are on order, and it is
  /// worth asking again.
  bool has(family kind, int type);

  /// ec::exhausted: the maker is behind; ec::gateway_lost: there is none.
  result<fd> take(family kind, int type);

  /// Closes a socket of the fullest shelf, for somebody who needs its number
  /// more; the last one of a shelf stays. False: there was none. So a process
  /// at its limit lives on the store, instead of starving beside it.
  bool shed();

  void account(ledger& to) const;

private:
  struct shelf {
    family kind;
    int type;
    size_t full;
    std::deque<fd> sockets{};
    bool asked = false;
  };

  shelf* find(family kind, int type);
  bool refill(shelf& which);

  maker make_;
  std::array<shelf, 4> shelves_{
    {{family::v4, SOCK_STREAM, 512},
     {family::v6, SOCK_STREAM, 64},
     {family::v4, SOCK_DGRAM, 256},
     {family::v6, SOCK_DGRAM, 64}}};
  /// Changes with every `refill`, and dies with the store: late answers are
  /// nobody's.
  std::shared_ptr<int> season_ = std::make_shared<int>(0);
};

} // namespace pier::net
