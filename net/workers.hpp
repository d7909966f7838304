#pragma once

/// Threads for calls that block and take no deadline: the host's own resolver,
/// Kerberos.
///
/// Theory of operation. A call runs on one of a few threads, which are started
/// when they are first needed; what is to follow it stays on the loop's side
/// and runs there. A call cannot be taken back: who no longer wants it guards
/// what follows by a lifeline. When the loop goes, nobody waits for calls that
/// still run: a thread owns nothing but its call.

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

namespace pier::net {

/// Role: one for each loop, found by `of`. Lifetime: the loop's.
class workers : public boost::asio::execution_context::service {
public:
  static constexpr size_t most_threads = 4;
  /// Calls that have not ended.
  static constexpr size_t most_calls = 256;

  static workers& of(boost::asio::io_context& io);

  /// Runs `call` on a thread, then `then` on the loop. `call` owns what it
  /// touches. False: too many have not ended, and neither will run.
  bool run(std::function<void()> call, std::function<void()> then);

  static boost::asio::execution_context::id id;
  explicit workers(boost::asio::execution_context& io);

private:
  struct shared;

  void shutdown() override;
  void hear_end(uint64_t number);

  std::shared_ptr<shared> shared_;
  std::unordered_map<uint64_t, std::function<void()>> following_;
  uint64_t last_ = 0;
};

} // namespace pier::net
