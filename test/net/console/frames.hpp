#pragma once

/// Frames of BASP, as a console sends them.

#include <cstdint>
#include <string>

namespace pier::test {

constexpr char handshake = 1;
constexpr char direct = 2;
constexpr char routed = 3;

/// A header that claims so many bytes, and `payload` behind it.
inline std::string frame_claiming(
  char operation, uint32_t length, const std::string& payload, char flags = 0) {
  std::string out(32, '\0');
  out[0] = operation;
  out[3] = flags;
  for (size_t i = 0; i < 4; ++i)
    out[4 + i] = static_cast<char>(length >> (24 - 8 * i) & 0xff);
  return out + payload;
}

inline std::string
frame(char operation, const std::string& payload = {}, char flags = 0) {
  return frame_claiming(
    operation, static_cast<uint32_t>(payload.size()), payload, flags);
}

} // namespace pier::test
