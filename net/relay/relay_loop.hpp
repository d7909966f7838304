#pragma once

/// A loop of its own thread that moves the bytes of many circuits.
///
/// Theory of operation is in relay_thread.cpp. A relay is handed over with both
/// of its connected sockets, lives on this loop until it ends or is dropped,
/// and reports its end once, by a post to the control thread.

#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "messages/flow_info.hpp"
#include "net/fd.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace pier::net {

class pair;

/// Two sockets to be joined: `guest` faces the guest, `host` the host.
struct relay_sides {
  fd guest;
  fd host;
  /// Who has called, and may have said something already.
  direction way = direction::outbound;
};

class relay_loop {
public:
  /// Called on the control thread, exactly once unless dropped before.
  using end_sink = std::function<void(ec why, traffic bytes)>;

  /// `of` what it is for. Datagrams always wait for whoever decides.
  explicit relay_loop(
    boost::asio::io_context& control, protocol of = protocol::tcp);
  ~relay_loop();

  relay_loop(const relay_loop&) = delete;
  relay_loop& operator=(const relay_loop&) = delete;

  /// A relay in progress. Dropping it resets both sides (TCP) or closes them.
  class relay {
  public:
    virtual ~relay() = default;
    virtual traffic bytes() const = 0;
    /// Asks the kernel, of TCP; nothing is known once the sockets are closed.
    virtual flow_sides sides() const = 0;
  };

  /// Splices two TCP sockets: half-close and RST are kept, backpressure is end
  /// to end, no timeout. Ends with ok after both FINs, reset after an RST.
  std::unique_ptr<relay> join_tcp(relay_sides sides, end_sink ended);

  /// Relays datagrams between two connected UDP sockets, up to 65,507 bytes,
  /// until both were silent for `idle` (ends with timed_out) or one side's
  /// peer is unreachable (ends with refused or *_unreachable).
  std::unique_ptr<relay>
  join_udp(relay_sides sides, std::chrono::milliseconds idle, end_sink ended);

  /// Called back on the control thread when the sockets of all relays that were
  /// dropped before are closed, and their peers have been told.
  void settle(std::function<void()> done);

  /// It is at full throttle: whoever joins it shares it.
  bool is_busy() const noexcept;

  /// What its threads have had of a processor.
  std::chrono::microseconds processor_time() const;

private:
  std::unique_ptr<relay> join(std::unique_ptr<pair> what, end_sink ended);

  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace pier::net
