#pragma once

/// One client of a published UDP port and its conversation with the guest:
/// between the door, which has the host's socket, and the circuit, which has
/// the guest's.

#include "messages/address.hpp"
#include "net/fd.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace pier::net {

struct udp_conversation;

/// The host's side of every conversation of one port. Conversations may
/// outlive it; nobody hears them then.
class udp_door {
public:
  virtual ~udp_door() = default;

  /// A reply, from the address that the client knows.
  virtual void send(const udp_conversation& to, std::span<const char> bytes)
    = 0;

  /// The client's next datagram begins another conversation.
  virtual void forget(const udp_conversation& which) = 0;

  /// Room for one datagram of any size, until the caller returns: one for all
  /// conversations, since there may be thousands of them.
  virtual std::span<char> scratch() = 0;
};

/// Owned by its near side, then by its circuit.
struct udp_conversation {
  /// The client and the address of ours that it talks to.
  std::pair<endpoint, ip_address> who;
  /// The guest is to see the client's own address, where it can.
  bool in_name = false;
  std::weak_ptr<udp_door> door;
  /// Datagrams that wait for the guest's socket.
  std::vector<std::vector<char>> waiting;
  /// The far side is no guest: it is dialled from the host.
  bool from_host = false;
  fd guest;
  std::chrono::steady_clock::time_point last_heard;
  uint64_t sent = 0;
  uint64_t received = 0;
  /// Ends its circuit; empty: it has none.
  std::function<void()> hang_up;

  /// A datagram of the client: it goes to the guest, or waits for its socket.
  void hear(std::span<const char> bytes);
};

} // namespace pier::net
