#pragma once

/// An NFQUEUE of the network that we are in.

#include "net/fd.hpp"

#include <cstdint>
#include <optional>

namespace pier::platform {

class packet_queue {
public:
  explicit packet_queue(uint16_t number);

  /// Waits for the next packet; its number.
  std::optional<uint32_t> next();
  /// Lets it go on, with a mark.
  void accept(uint32_t packet, uint32_t mark);

private:
  uint16_t number_;
  net::fd socket_;
};

} // namespace pier::platform
