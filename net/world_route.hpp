#pragma once

/// Whether the host has a way to the world for IPv6: a route, and an address to
/// go by. The kernel is asked again only after it has told of a change to its
/// routes or addresses; nobody waits for the news, they are read when somebody
/// asks.

#include "net/fd.hpp"

namespace pier::net {

class world_route {
public:
  /// Of the network namespace that it is made in.
  world_route();

  bool is_there();

private:
  /// True: it told of a change, or might have.
  bool has_news();

  fd news_;
  bool known_ = false;
  bool there_ = false;
};

} // namespace pier::net
