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
  /// One takes any datagram.
  static constexpr size_t piece_size = 65536;
  static constexpr size_t pieces = 16;

  using piece = std::span<char, piece_size>;

  static loop_room& of(boost::asio::io_context& io);

  /// `which` is below `pieces`; another handler may fill the same.
  piece at(size_t which) noexcept {
    return piece{bytes_.get() + which * piece_size, piece_size};
  }

  static boost::asio::execution_context::id id;
  explicit loop_room(boost::asio::execution_context& io);

private:
  void shutdown() override;

  std::unique_ptr<char[]> bytes_;
};

} // namespace pier::net
