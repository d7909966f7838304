#pragma once

/// Packets of a socket that net/link/link_tap has made, as they come.
///
/// Theory of operation. A ring of the kernel's (TPACKET_V3) in memory that both
/// see: the kernel fills one block after the other and gives each to us when it
/// is full, or a moment after its first packet; what we have taken we give
/// back. While all blocks are ours the kernel drops what comes, and counts it.
/// Filter and ring are there before the socket hears anything.
///
/// Limits: 16 MiB; a packet is cut where the filter says.

#include "messages/error.hpp"
#include "net/capture/pcapng.hpp"
#include "net/fd.hpp"

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace pier::net {

class packet_ring {
public:
  /// From here on it hears what the filter lets in, a classic BPF program.
  /// Refused when the kernel does not take it, or the link is gone.
  static result<packet_ring>
  open(fd socket, const std::vector<sock_filter>& filter);

  packet_ring(packet_ring&& other) noexcept;
  packet_ring& operator=(packet_ring&&) = delete;
  ~packet_ring();

  /// Readable while a block waits.
  int socket() const noexcept {
    return socket_.get();
  }

  /// Shows the packets of the next block, whose bytes are theirs until this
  /// returns. False: none waits.
  bool take(const std::function<void(const captured_packet&)>& show);

  /// Hears nothing more; what has come can still be taken, the last block
  /// `settling_milliseconds` later.
  void deafen();
  static constexpr unsigned settling_milliseconds = 100;

  /// Since it was opened.
  uint64_t dropped();

private:
  explicit packet_ring(fd socket) : socket_(std::move(socket)) {}

  result<void> make();

  fd socket_;
  std::byte* memory_ = nullptr;
  size_t next_ = 0;
  uint64_t dropped_ = 0;
};

} // namespace pier::net
