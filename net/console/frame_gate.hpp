#pragma once

/// What a console may say to the actor system that it is attached to. CAF's own
/// reader believes every length that a header names, and lets a peer address
/// actors by name that configure and spawn, and peers behind us: none of that
/// passes here.
///
/// BASP, version 3: a header of 32 bytes (operation, 2 of padding, flags,
/// length of the payload, operation data, source and destination actor; all in
/// network order) and its payload. Pure: bytes in, bytes or a refusal out.

#include "messages/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pier::net {

class frame_gate {
public:
  static constexpr size_t header_size = 32;

  /// Requests are small; of a handshake there is no more than a node's name.
  static constexpr uint32_t longest_payload = 1 << 20;
  static constexpr uint32_t longest_handshake = 1 << 10;

  /// Appends to `out` what of the stream may pass. A header passes as a whole,
  /// when its length is known to be bearable. A refusal is the end: the rest of
  /// the stream means nothing.
  result<void> pass(std::string_view bytes, std::string& out);

  /// The peer has introduced itself.
  bool greeted() const noexcept {
    return greeted_ && left_ == 0;
  }

private:
  result<void> judge();

  std::array<char, header_size> header_{};
  size_t have_ = 0;   // of the header
  uint32_t left_ = 0; // of the payload
  bool passes_ = true;
  bool greeted_ = false;
};

} // namespace pier::net
