#pragma once

/// Room to read into, one for each loop: for bytes that are passed on, or
/// copied, before the handler that read them returns. However many sockets a
/// loop has, they share it; pages that nobody has needed yet cost nothing.

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace pier::net {

/// Role: found by `of`. Lifetime: the loop's.
class loop_room : public boost::asio::execution_context::service {
public:
  static constexpr size_t largest_datagram = 65536;
  static constexpr size_t most_datagrams = 16;

  using datagram = std::span<char, largest_datagram>;

  static loop_room& of(boost::asio::io_context& io);

  /// `which` is below `most_datagrams`; another handler may fill the same.
  datagram at(size_t which) noexcept {
    return datagram{bytes_.get() + which * largest_datagram, largest_datagram};
  }

  static boost::asio::execution_context::id id;
  explicit loop_room(boost::asio::execution_context& io);

private:
  void shutdown() override;

  std::unique_ptr<char[]> bytes_;
};

} // namespace pier::net
