#pragma once

/// Published ports.

#include <cstdint>

namespace pier {

/// When a published port accepts connections.
enum class port_ready : uint8_t {
  strict,    // while the container listens too: "connected" is the truth
  listening, // always; a client of a silent container is reset
};

struct port_settings {
  port_ready ready = port_ready::strict;

  friend bool operator==(const port_settings&, const port_settings&) = default;
};

} // namespace pier
