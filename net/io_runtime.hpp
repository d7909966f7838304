#pragma once

/// The threads and clocks of `net`: one control thread, which carries every
/// actor and every decision, and the relay threads, which carry bytes.

#include "messages/flow.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace pier::net {

class relay_loop;

/// Role: owns the control loop's io_context and the relay loops.
/// Lifetime: outlives the actor system and everything in `net`.
class io_runtime {
public:
  /// Starts `relays` loops for connections, and as many for datagrams; 0 asks
  /// for one per core, at least two. The control loop is run by whoever calls
  /// `control().run()`.
  explicit io_runtime(size_t relays = 0);
  ~io_runtime();

  io_runtime(const io_runtime&) = delete;
  io_runtime& operator=(const io_runtime&) = delete;

  boost::asio::io_context& control() noexcept;

  /// The relay loop whose turn it is; one at full throttle lets another have
  /// it.
  relay_loop& next_relay(protocol of = protocol::tcp) noexcept;

  /// What each relay loop has had of a processor: those for connections, then
  /// those for datagrams.
  std::vector<std::chrono::microseconds> relay_times() const;

  /// Called back on the control loop when every relay that was dropped before
  /// has closed its sockets.
  void settle(std::function<void()> done);

private:
  struct threads;
  boost::asio::io_context control_{1};
  std::unique_ptr<threads> threads_;
};

} // namespace pier::net
