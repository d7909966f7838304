#pragma once

/// One reader of a container's packets. A part of the door in net/network.hpp;
/// its rules are the same.

#include "messages/capture.hpp"
#include "net/fd.hpp"

#include <functional>
#include <string>

namespace pier::net {

/// A reader's ends of a tap: where packets come from, and the line that tells
/// each side of the other's end.
struct tap_ends {
  fd packets;
  fd line;
};

/// Destroyed, the reader sees no more.
class tap {
public:
  using sink = std::function<void(const tap_event&)>;

  virtual ~tap() = default;

  /// Tells the reader why it is over, for him to say so; to be destroyed next.
  virtual void end(const std::string& why) = 0;
};

} // namespace pier::net
