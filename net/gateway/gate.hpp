#pragma once

/// The gate: holds first packets and gives verdicts. Theory of operation in
/// gateway.hpp and rules.hpp.

#include "net/gateway/drop_count.hpp"
#include "net/gateway/foundation.hpp"
#include "net/gateway/gateway.hpp"
#include "net/gateway/packet_queue.hpp"
#include "net/gateway/refusal_budget.hpp"
#include "net/gateway/rules.hpp"
#include "net/gateway/transparent_listener.hpp"
#include "net/gateway/waiting_line.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

namespace pier::net {

class gate {
public:
  using taker = std::function<void(result<fd>)>;

  /// Owns the queue, the listeners and the echo sockets of `with`; `called`
  /// hears what gateway's on_call does.
  gate(
    boost::asio::io_context& io, gateway_sockets with,
    transparent_listener::call_sink called);

  std::function<void(const held_packet&)> on_held;
  /// See net/gateway/drop_count.
  drop_count dropped;

  /// Sees to the descriptor that the next `pass_tcp` takes. False: there is
  /// none, and that would drop the packet.
  bool reserve() {
    return listener_.reserve();
  }

  void pass_tcp(uint64_t id, taker done);

  /// `made` is a fresh UDP socket of the gateway.
  void pass_udp(uint64_t id, result<fd> made, taker done);
  void answer_echo(uint64_t id);
  void reject(uint64_t id, ec why);
  void report(const flow& what, ec why);

  void account(ledger& to);

  /// The family of a held flow; v4 when it is gone.
  family kind_of(uint64_t id) const;

private:
  struct held {
    held_packet packet;
    /// The kernel's numbers: the first, and those that came after it.
    std::vector<uint32_t> numbers;
    bool is_asked = false;
  };

  void await_packets();
  void work();
  void announce_some();
  void spend(const ip_address& guest);
  void recover();
  void hear_packet(uint32_t number, std::span<const uint8_t> bytes);
  bool take(uint64_t id, held& out);

  packet_queue queue_;
  boost::asio::io_context& io_;
  transparent_listener listener_;
  fd icmp4_, icmp6_;
  std::unordered_map<uint64_t, held> held_;
  std::unordered_map<flow, uint64_t, flow_hash> by_flow_;
  /// Held, and not yet announced.
  waiting_line line_;
  refusal_budget refusals_;
  /// Runs while somebody owes.
  boost::asio::steady_timer recovery_;
  uint64_t last_id_ = 0;
  lifeline life_;
};

} // namespace pier::net
