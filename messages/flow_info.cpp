#include "messages/flow_info.hpp"

namespace pier {

const char* state_of(protocol proto, const flow_sides& sides) noexcept {
  if (proto == protocol::udp)
    return "datagrams";
  if (proto == protocol::icmp)
    return "echoes";
  if (sides.guest_is_done && sides.peer_is_done)
    return "closing";
  if (sides.guest_is_done)
    return "half-closed by guest";
  return sides.peer_is_done ? "half-closed by peer" : "open";
}

} // namespace pier
