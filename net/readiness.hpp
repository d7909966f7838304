#pragma once

/// Waits for sockets, once each: what a dial, or a question to a resolver,
/// needs of the loop.
///
/// Theory of operation. A descriptor of the loop's own costs four system calls
/// around each wait. Here one epoll, itself waited for by the loop, carries all
/// those that wait once: a wait is one call, and a socket that is closed is
/// gone by itself. Limit: a socket that lives on elsewhere takes leave by
/// `part`, or its later events cost a little here, too.

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <functional>
#include <unordered_map>

namespace pier::net {

/// Role: one for each loop, found by `of`. Lifetime: the loop's.
class readiness : public boost::asio::execution_context::service {
public:
  enum class want : uint8_t { read, write };

  /// Whether an error waits at the socket, too. Called from the loop.
  using sink = std::function<void(bool error)>;

  /// Destroyed, it forgets the sink. The socket outlives it.
  class wait {
  public:
    wait() = default;
    wait(readiness* of, uint64_t number) : of_(of), id_(number) {}
    wait(wait&& other) noexcept;
    wait& operator=(wait&& other) noexcept;
    ~wait();

  private:
    readiness* of_ = nullptr;
    uint64_t id_ = 0;
  };

  static readiness& of(boost::asio::io_context& io);

  wait await(int socket, want what, sink heard);
  void part(int socket);

  static boost::asio::execution_context::id id;
  explicit readiness(boost::asio::execution_context& io);

private:
  void shutdown() override;
  void arm();
  void hear();

  boost::asio::posix::stream_descriptor epoll_;
  std::unordered_map<uint64_t, sink> waiting_;
  uint64_t last_ = 0;
};

} // namespace pier::net
